# ruff: noqa: UP006, UP035  # old interpreters read this file
"""The stages of the full smoke test that follow the training of the CNN; loaded by `smoke_script.py`, beside it.

Pipelines (`tf.data`), HDF5, a SavedModel served by a fresh process, TFLite, a strategy over the devices, mixed
precision, and the optimizers and metrics that a project names. TensorFlow 2.4 or newer.
"""

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

SERVE = """
import sys
import numpy as np
import tensorflow as tf
served = tf.saved_model.load(sys.argv[1])
x = tf.constant(np.load(sys.argv[2]))
if hasattr(served, "serve"):
    y = served.serve(x)
else:
    run = served.signatures["serving_default"]
    y = list(run(**{list(run.structured_input_signature[1])[0]: x}).values())[0]
np.save(sys.argv[3], np.asarray(y))
"""
FEW = 8  # pictures that are served and interpreted
CLOSE = 1e-4


class Failed(Exception):
    """A stage ran, and its result is wrong."""


class More:
    """What else is done with the trained model of a `Smoke`."""

    def __init__(self, smoke: Any, tensorflow: Any, folder: str) -> None:
        self.smoke, self.tf, self.keras = smoke, tensorflow, smoke.keras
        self.folder = Path(folder)
        self.few = smoke.x[smoke.held : smoke.held + FEW]
        self.expected = smoke.predicted[:FEW]

    def held_to(self, got: Any) -> str:
        numpy: Any = importlib.import_module("numpy")
        apart = float(abs(numpy.asarray(got) - self.expected[: len(got)]).max())
        if not apart < CLOSE:
            raise Failed(f"outputs differ by {apart:.2g}")
        return f"outputs differ by {apart:.1g}"

    def pipeline(self) -> str:
        data = self.tf.data.Dataset.from_tensor_slices((self.few, self.smoke.y[: len(self.few)]))
        told = self.held_to(self.smoke.model.predict(data.batch(3).prefetch(1), verbose=0))
        return f"{told} through batch and prefetch"

    def hdf5(self) -> str:
        path = str(self.folder / "smoke.h5")
        self.smoke.model.save(path)
        again = self.keras.models.load_model(path, compile=False)
        return self.held_to(again.predict(self.few, verbose=0))

    def export(self) -> str:
        numpy: Any = importlib.import_module("numpy")
        target, given, answer = (str(self.folder / name) for name in ("served", "given.npy", "answer.npy"))
        if hasattr(self.smoke.model, "export"):
            self.smoke.model.export(target, **({"verbose": False} if hasattr(self.keras, "ops") else {}))
        else:
            self.smoke.model.save(target)
        numpy.save(given, self.few)
        done = subprocess.run([sys.executable, "-c", SERVE, target, given, answer], stderr=subprocess.PIPE)
        if done.returncode:
            last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise Failed("the serving process ended with {}: {}".format(done.returncode, " ".join(last)[:200]))
        return self.held_to(numpy.load(answer)) + " in a process of its own"

    def tflite(self) -> str:
        served = self.folder / "served"
        lite = self.tf.lite
        if served.exists():
            converter = lite.TFLiteConverter.from_saved_model(str(served))
        else:
            converter = lite.TFLiteConverter.from_keras_model(self.smoke.model)
        content = converter.convert()
        interpreter = lite.Interpreter(model_content=content)
        (entry,), (end,) = interpreter.get_input_details(), interpreter.get_output_details()
        interpreter.resize_tensor_input(entry["index"], self.few.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(entry["index"], self.few)
        interpreter.invoke()
        return "{}, {} bytes".format(self.held_to(interpreter.get_tensor(end["index"])), len(content))

    def strategy(self, devices: List[str]) -> str:
        gpus = ["/" + one for one in devices if one.startswith("GPU")]
        chosen = gpus or ["/CPU:0"]
        strategy = self.tf.distribute.MirroredStrategy(chosen)
        with strategy.scope():
            loss = self.trained_again()
        return "loss {:.3f} on {}".format(loss, ", ".join(chosen))

    def mixed_precision(self, device: str) -> str:
        """float16 on a GPU; bfloat16 on a CPU, where it is the half precision that kernels exist for."""
        name = "mixed_float16" if device.startswith("GPU") else "mixed_bfloat16"
        mixed = self.keras.mixed_precision
        before = mixed.dtype_policy() if hasattr(mixed, "dtype_policy") else mixed.global_policy()
        set_policy = getattr(mixed, "set_dtype_policy", None) or mixed.set_global_policy
        set_policy(name)
        try:
            return f"loss {self.trained_again():.3f} in {name}"
        except Exception as error:
            if device.startswith("CPU") and any(text in str(error) for text in NO_KERNEL):
                return "this TensorFlow has no kernels for bfloat16 on a CPU"
            raise
        finally:
            set_policy(before)

    def trained_again(self, labels: Any = None, callbacks: Any = (), **compiled: Any) -> float:
        """The loss of a new network after an epoch."""
        layers = self.keras.layers
        image = layers.Input(shape=(32, 32, 3))
        hidden = layers.Flatten()(layers.Conv2D(8, (3, 3), activation="relu")(image))
        answer = layers.Dense(10, activation="softmax", dtype="float32")(hidden)
        model = self.keras.models.Model(image, answer)
        model.compile(**{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy", **compiled})
        labels = self.smoke.y if labels is None else labels
        fitted = model.fit(self.smoke.x[:64], labels[:64], batch_size=32, verbose=0, callbacks=list(callbacks))
        loss = float(fitted.history["loss"][-1])
        if not abs(loss) < float("inf"):
            raise Failed(f"the loss is not finite: {loss}")
        return loss

    def project(self, names: List[Dict[str, str]], look_up: Callable[[str], Any]) -> str:
        """Train with each optimizer, loss, metric and callback that the project names, as far as defaults allow."""
        tried = []
        for use in names:
            kind = next((one for one in KINDS if f".{one}." in use["text"]), "")
            found = look_up(use["text"]) if kind else None
            leaf = use["text"].rpartition(".")[2]
            if leaf in NOT_TRIED or not (isinstance(found, type) or (kind == "losses" and callable(found))):
                continue
            try:
                one = self.made(kind, leaf, found)
            except TypeError:
                continue  # it needs arguments
            try:
                self.trained_again(**self.given(kind, leaf, one))
            except Exception as error:
                raise Failed("{} ({}): {}".format(use["text"], use["where"], str(error)[:200])) from error
            tried.append(leaf)
        return ", ".join(tried) or "it names none that needs no arguments"

    def made(self, kind: str, leaf: str, found: Any) -> Any:
        """An instance with its defaults; what writes a file gets one. Functions of losses are used as they are."""
        if not isinstance(found, type):
            return found
        return found(str(self.folder / FILES[leaf])) if kind == "callbacks" and leaf in FILES else found()

    def given(self, kind: str, leaf: str, one: Any) -> Dict[str, Any]:
        """What `trained_again` is called with to use it."""
        if kind == "optimizers":
            return {"optimizer": one}
        if kind == "callbacks":
            return {"callbacks": [one]}
        numpy: Any = importlib.import_module("numpy")
        sparse = "sparse" in leaf.lower()
        labels = self.smoke.y if sparse else numpy.eye(10, dtype="float32")[self.smoke.y.ravel()]
        if kind == "losses":
            return {"loss": one, "labels": labels}
        loss = "sparse_categorical_crossentropy" if sparse else "categorical_crossentropy"
        return {"metrics": [one], "loss": loss, "labels": labels}


KINDS = ("optimizers", "losses", "metrics", "callbacks")
FILES = {"ModelCheckpoint": "best.weights.h5", "CSVLogger": "log.csv", "TensorBoard": "board"}
# Bases of others, what speaks to a server, and the loss whose labels are no classes.
NOT_TRIED = ("Optimizer", "Loss", "Metric", "Callback", "CallbackList", "RemoteMonitor", "CTC", "schedules")
NO_KERNEL = ("No OpKernel", "Could not find device for node", "No registered")


def stages(
    more: More, device: str, devices: List[str], names: List[Dict[str, str]], look_up: Any
) -> List[Tuple[str, Any]]:
    """What is tried on a device, in order; `names` are the API names of a project."""
    found = [("tf.data", more.pipeline), ("HDF5", more.hdf5), ("served", more.export), ("TFLite", more.tflite)]
    found.append(("tf.distribute", lambda: more.strategy(devices)))
    found.append(("mixed precision", lambda: more.mixed_precision(device)))
    if names:
        found.append(("project API", lambda: more.project(names, look_up)))
    return found
