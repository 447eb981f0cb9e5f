# ruff: noqa: UP006, UP035, UP045  # old interpreters read this file
"""Runs in the examined interpreter: builds, trains, saves and reloads a small CNN, and writes down every stage.

Self-contained: the standard library, and what that interpreter has of TensorFlow. Python 3.6 or newer, any TensorFlow
with a `tf.keras`. Called as `python smoke_script.py REQUEST`, a JSON file with `out`, `folder`, `device` (or null),
`root` (`tensorflow.keras`), `statements` and `names` (see `imports.ImportStyle`). Each event is one JSON line in the
file `out`, flushed at once: what began and did not end is where the process died.
"""

import contextlib
import faulthandler
import importlib
import importlib.util
import json
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

CLASSES = 10
SAMPLES = 800  # the last fifth is held back
BATCH = 32
EPOCHS = 5
LEARNING_RATE = 0.001
CHANCE = 1.0 / CLASSES


class Failed(Exception):
    """A stage ran, and its result is wrong."""


class Journal:
    """Writes the events, one JSON line each."""

    def __init__(self, path: str) -> None:
        self.file = Path(path).open("a", encoding="utf-8")  # noqa: SIM115  # until the process ends, however it ends

    def write(self, **event: Any) -> None:
        self.file.write(json.dumps(event) + "\n")
        self.file.flush()

    def stage(self, name: str, work: Callable[[], Optional[str]], device: str = "") -> bool:
        """Run one stage; what `work` returns is its detail, what it raises its failure."""
        self.write(event="begin", stage=name, device=device)
        started = time.perf_counter()
        try:
            ok, detail = True, work() or ""
        except Failed as failure:
            ok, detail = False, str(failure)
        except BaseException as error:  # whatever a broken installation raises is the result, SystemExit included
            ok, detail = False, describe(error)
        seconds = time.perf_counter() - started
        self.write(event="end", stage=name, device=device, ok=ok, seconds=seconds, detail=detail)
        return ok


def describe(error: BaseException) -> str:
    """`ValueError: its first lines (in file.py:12)`, naming the innermost frame."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if type(error).__name__ == "Failed":  # of the stages beside
        return " ".join(lines)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = ""
    if trace is not None and not trace.tb_frame.f_code.co_filename.startswith((__file__, "<")):
        where = f" (in {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})"
    return "{}: {}{}".format(type(error).__name__, " ".join(lines)[:400], where)


class Smoke:
    """The CNN and what becomes of it on one device; each method is a stage."""

    def __init__(self, keras: Any, data: Tuple[Any, Any], folder: str) -> None:
        self.keras = keras
        self.x, self.y = data
        self.folder = folder
        self.held = len(self.x) - len(self.x) // 5
        self.clock: List[List[float]] = []

    def build(self, device: str) -> str:
        layers = self.keras.layers
        image = layers.Input(shape=(32, 32, 3))
        hidden = layers.Conv2D(32, (3, 3), activation="relu")(image)
        hidden = layers.MaxPooling2D()(hidden)
        hidden = layers.Flatten()(hidden)
        hidden = layers.Dense(100, activation="relu")(hidden)
        self.model = self.keras.models.Model(image, layers.Dense(CLASSES, activation="softmax")(hidden))
        weight = self.model.weights[0]
        inner = getattr(weight, "value", None)  # a Keras 3 variable wraps TensorFlow's
        placed = str(getattr(weight, "device", "") or getattr(inner, "device", "") or "")
        if placed and not placed.endswith(device):
            raise Failed(f"the weights lie on {placed}")
        return f"{self.model.count_params()} parameters"

    def compile(self) -> str:
        optimizers = self.keras.optimizers
        try:
            optimizer = optimizers.Adam(learning_rate=LEARNING_RATE)
        except TypeError:  # `lr` until TensorFlow 1.13
            optimizer = optimizers.Adam(lr=LEARNING_RATE)
        self.model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        return "Adam, sparse_categorical_crossentropy, accuracy"

    def fit(self) -> str:
        clock = self.clock

        class Clock(self.keras.callbacks.Callback):  # type: ignore[misc,name-defined]
            def on_batch_begin(self, batch: int, logs: Any = None) -> None:
                if batch == 0:
                    clock.append([time.perf_counter()])

            def on_batch_end(self, batch: int, logs: Any = None) -> None:
                clock[-1].append(time.perf_counter())

        self.history: Dict[str, List[float]] = self.model.fit(
            self.x,
            self.y,
            batch_size=BATCH,
            epochs=EPOCHS,
            validation_split=0.2,
            verbose=0,
            callbacks=[Clock()],
        ).history
        return "{} epochs of {} steps".format(len(self.history["loss"]), len(clock[-1]) - 1)

    def step_seconds(self) -> float:
        """Of the last epoch, in which nothing is compiled any more."""
        last = self.clock[-1]
        return (last[-1] - last[0]) / (len(last) - 1)

    def loss_falls(self) -> str:
        losses = self.history["loss"]
        shown = " > ".join(f"{loss:.4f}" for loss in losses)
        if not all(abs(loss) < float("inf") for loss in losses):
            raise Failed(f"the loss is not finite: {shown}")
        if not losses[-1] < losses[0]:
            raise Failed(f"the loss does not fall: {shown}")
        return shown

    def held_back(self) -> str:
        key = next(name for name in ("val_accuracy", "val_acc") if name in self.history)
        self.accuracy = self.history[key][-1]
        if not self.accuracy > 2 * CHANCE:
            raise Failed(f"accuracy {self.accuracy:.3f} on held-back data; chance is {CHANCE:.1f}")
        return f"{self.accuracy:.3f} on {len(self.x) - self.held} held-back pictures; chance is {CHANCE:.1f}"

    def evaluate(self) -> str:
        loss, accuracy = self.model.evaluate(self.x[self.held :], self.y[self.held :], batch_size=BATCH, verbose=0)
        expected = self.history["val_loss"][-1]
        if not abs(loss - expected) <= 1e-2 + 1e-2 * abs(expected):
            raise Failed(f"loss {loss:.4f} where fit found {expected:.4f} on the same data")
        return f"loss {loss:.4f}, accuracy {accuracy:.3f}"

    def predict(self) -> str:
        self.predicted = self.model.predict(self.x[self.held :], batch_size=BATCH)
        expected = (len(self.x) - self.held, CLASSES)
        if tuple(self.predicted.shape) != expected:
            raise Failed(f"shape {tuple(self.predicted.shape)} instead of {expected}")
        sums = self.predicted.sum(axis=1)
        if not (abs(sums - 1) < 1e-3).all():
            raise Failed(f"softmax rows add up to {sums.min():.4f} to {sums.max():.4f}")
        return f"shape {expected}"

    def save(self) -> str:
        modern = hasattr(self.keras, "ops")  # Keras 3, whose own format is .keras
        path = Path(self.folder) / ("smoke.keras" if modern else "smoke.h5")
        self.path = str(path)
        self.model.save(self.path)
        return f"{path.name}, {path.stat().st_size} bytes"

    def reload(self) -> str:
        again = self.keras.models.load_model(self.path).predict(self.x[self.held :], batch_size=BATCH)
        apart = float(abs(again - self.predicted).max())
        if not apart < 1e-4:
            raise Failed(f"predictions differ by {apart:.2g} after saving and loading")
        return f"predictions differ by {apart:.1g}"


def make_data() -> Tuple[Any, Any]:
    """Noisy pictures (SAMPLES, 32, 32, 3) of ten coarse patterns, and their classes (SAMPLES, 1), in mixed order."""
    numpy: Any = importlib.import_module("numpy")
    random = numpy.random.RandomState(0)
    patterns = random.uniform(-1, 1, (CLASSES, 4, 4, 3)).repeat(8, axis=1).repeat(8, axis=2)
    classes = random.permutation(numpy.arange(SAMPLES) % CLASSES)
    pictures = 0.5 * patterns[classes] + random.normal(0, 0.5, (SAMPLES, 32, 32, 3))
    return pictures.astype("float32"), classes.reshape(-1, 1)


def visible_devices(tensorflow: Any) -> List[str]:
    """`CPU:0`, `GPU:0`, … as TensorFlow lists them. Memory of a GPU is taken as needed, since others may use it too."""
    config: Any = getattr(tensorflow, "config", None)
    for api in (config, getattr(config, "experimental", None)):
        if api is not None and hasattr(api, "list_logical_devices"):
            for gpu in config.experimental.list_physical_devices("GPU"):
                config.experimental.set_memory_growth(gpu, True)
            names = [device.name for device in api.list_logical_devices()]
            break
    else:
        client: Any = importlib.import_module("tensorflow.python.client.device_lib")
        names = [device.name for device in client.list_local_devices()]
    short = [name.split("/device:")[-1] for name in names]
    return [name for name in short if name.split(":")[0] in ("CPU", "GPU")]


def choose_devices(visible: List[str], wanted: Optional[str]) -> List[str]:
    """All, all of a kind (`gpu`), or one (`gpu:1`, `/GPU:1`)."""
    if wanted is None:
        return visible
    plain = wanted.upper().replace("/DEVICE:", "").lstrip("/")
    chosen = [name for name in visible if plain in (name, name.split(":")[0])]
    if not chosen:
        raise Failed("no {} among the visible devices: {}".format(plain, ", ".join(visible) or "none"))
    return chosen


def try_project_imports(request: Dict[str, Any]) -> str:
    """Run the import lines of a migrated project, and look up every name that it uses."""
    failures = []
    for line in request["statements"]:
        try:
            exec(line["text"], {"__name__": "project"})  # one import statement, never code of the project
        except Exception as error:
            failures.append("{}: {}: {}".format(line["where"], line["text"], describe(error)))
    for use in request["names"]:
        try:
            look_up(use["text"])
        except Exception as error:
            failures.append("{}: {}: {}".format(use["where"], use["text"], describe(error)))
    if failures:
        more = "" if len(failures) < 4 else f" (and {len(failures) - 3} more)"
        raise Failed("; ".join(failures[:3]) + more)
    return "{} import lines, {} names".format(len(request["statements"]), len(request["names"]))


def look_up(name: str) -> Any:
    """The object of a dotted name; a part that is no attribute is imported. What an instance has is not asked."""
    parts = name.split(".")
    found: Any = importlib.import_module(parts[0])
    for count, part in enumerate(parts[1:], start=2):
        if hasattr(found, part):
            found = getattr(found, part)
        elif isinstance(found, (type(sys), type)):
            found = importlib.import_module(".".join(parts[:count]))
        else:
            break
    return found


@contextlib.contextmanager
def on_device(tensorflow: Any, device: str) -> Iterator[None]:
    with tensorflow.device("/" + device):
        yield


def run(journal: Journal, request: Dict[str, Any]) -> None:
    """All stages; a failing one ends what depends on it."""
    state: Dict[str, Any] = {}

    def import_tensorflow() -> str:
        state["tf"] = tensorflow = importlib.import_module("tensorflow")
        state["keras"] = keras = look_up(request["root"])
        home = sys.modules[keras.layers.Dense.__module__.split(".")[0]]  # tf.keras is loaded on its first use
        own = str(getattr(keras, "__version__", "") or getattr(home, "__version__", ""))
        journal.write(event="versions", tensorflow=tensorflow.__version__, keras=own)
        return "TensorFlow {}{}".format(tensorflow.__version__, ", Keras " + own if own else "")

    def devices() -> str:
        visible = visible_devices(state["tf"])
        state["devices"] = choose_devices(visible, request["device"])
        return ", ".join(visible)

    def data() -> str:
        state["data"] = make_data()
        return f"{SAMPLES} pictures of {CLASSES} classes"

    if not journal.stage("import", import_tensorflow):
        return
    if request["statements"] or request["names"]:
        journal.stage("project imports", lambda: try_project_imports(request))
    if not journal.stage("devices", devices) or not journal.stage("data", data):
        return
    for device in state["devices"]:
        smoke = Smoke(state["keras"], state["data"], request["folder"])
        with on_device(state["tf"], device):
            stages = (
                ("build", lambda smoke=smoke, device=device: smoke.build(device)),
                ("compile", smoke.compile),
                ("fit", smoke.fit),
                ("loss falls", smoke.loss_falls),
                ("held-back accuracy", smoke.held_back),
                ("evaluate", smoke.evaluate),
                ("predict", smoke.predict),
                ("save", smoke.save),
                ("reload", smoke.reload),
            )
            for name, work in stages:
                if not journal.stage(name, work, device):
                    break
                if name == "fit":
                    journal.write(event="step", device=device, seconds=smoke.step_seconds())
            else:
                if request["full"]:
                    go_on(journal, smoke, device, state, request)


def go_on(journal: Journal, smoke: Smoke, device: str, state: Dict[str, Any], request: Dict[str, Any]) -> None:
    """The stages of the full test: each for itself, since none rests on another."""
    if not hasattr(state["tf"], "distribute") or not state["tf"].executing_eagerly():
        return  # a TensorFlow 1
    spec: Any = importlib.util.spec_from_file_location("smoke_more", str(Path(__file__).with_name("smoke_more.py")))
    beside: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(beside)
    more = beside.More(smoke, state["tf"], request["folder"])
    for name, work in beside.stages(more, device, state["devices"], request["names"], look_up):
        journal.stage(name, work, device)


def main() -> None:
    request: Dict[str, Any] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    here = Path(__file__).resolve().parent
    # Python put this folder in front, and the files beside this one are no modules for the examined interpreter.
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != here]
    sys.argv[1:] = []
    faulthandler.enable()
    journal = Journal(request["out"])
    journal.write(event="start", python=".".join(map(str, sys.version_info[:3])))
    run(journal, request)
    journal.write(event="done")


if __name__ == "__main__":
    main()
