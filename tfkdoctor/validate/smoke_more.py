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

    def mixed_precision(self) -> str:
        mixed = self.keras.mixed_precision
        before = mixed.dtype_policy() if hasattr(mixed, "dtype_policy") else mixed.global_policy()
        set_policy = getattr(mixed, "set_dtype_policy", None) or mixed.set_global_policy
        set_policy("mixed_float16")
        try:
            return f"loss {self.trained_again():.3f} in mixed_float16"
        finally:
            set_policy(before)

    def trained_again(self, **compiled: Any) -> float:
        """The loss of a new network after an epoch."""
        layers = self.keras.layers
        image = layers.Input(shape=(32, 32, 3))
        hidden = layers.Flatten()(layers.Conv2D(8, (3, 3), activation="relu")(image))
        answer = layers.Dense(10, activation="softmax", dtype="float32")(hidden)
        model = self.keras.models.Model(image, answer)
        model.compile(**{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy", **compiled})
        loss = float(model.fit(self.smoke.x[:64], self.smoke.y[:64], batch_size=32, verbose=0).history["loss"][-1])
        if not abs(loss) < float("inf"):
            raise Failed(f"the loss is not finite: {loss}")
        return loss

    def project(self, names: List[Dict[str, str]], look_up: Callable[[str], Any]) -> str:
        """Train with each optimizer that the project names, and compile with each metric, as far as defaults allow."""
        tried = []
        for use in names:
            for kind, argument in ((".optimizers.", "optimizer"), (".metrics.", "metrics")):
                found = look_up(use["text"]) if kind in use["text"] else None
                if not isinstance(found, type):
                    continue
                try:
                    one = found()
                except TypeError:
                    continue  # it needs arguments
                try:
                    self.trained_again(**{argument: one if argument == "optimizer" else [one]})
                except Exception as error:
                    raise Failed("{} ({}): {}".format(use["text"], use["where"], str(error)[:200])) from error
                tried.append(use["text"].rpartition(".")[2])
        return ", ".join(tried) or "it names no optimizer and no metric that needs no arguments"


def stages(
    more: More, device: str, devices: List[str], names: List[Dict[str, str]], look_up: Any
) -> List[Tuple[str, Any]]:
    """What is tried on a device, in order; `names` are the API names of a project."""
    found = [("tf.data", more.pipeline), ("HDF5", more.hdf5), ("served", more.export), ("TFLite", more.tflite)]
    found.append(("tf.distribute", lambda: more.strategy(devices)))
    if device.startswith("GPU"):
        found.append(("mixed precision", more.mixed_precision))
    if names:
        found.append(("project API", lambda: more.project(names, look_up)))
    return found
