"""Loads the Keras packages that a program uses, and says which they are."""

import importlib
import sys


def load(journal, names):
    """The packages of these names (`keras`, `tensorflow.keras`, `tf_keras`) that are there, and their versions."""
    found, versions = [], {}
    for name in names:
        try:
            package = importlib.import_module(name.split(".")[0])
            if name == "tensorflow.keras":
                package = package.keras
        except (ImportError, AttributeError):
            continue
        if hasattr(package, "models"):
            found.append(package)
            home = sys.modules.get(package.models.Model.__module__.split(".")[0])
            label = name if home is None or home.__name__ != "tensorflow" else "tf.keras"
            versions[label] = str(getattr(package, "__version__", "") or getattr(home, "__version__", ""))
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        try:
            tensorflow = importlib.import_module("tensorflow")
        except ImportError:
            pass
    versions["tensorflow"] = getattr(tensorflow, "__version__", "")
    journal.write(event="versions", versions=versions)
    return found
