"""Which releases the API index is read from, and where their files come from."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.version import Version

from tfkdoctor.dev.harvest_names import Names
from tfkdoctor.dev.harvest_scopes import Scopes
from tfkdoctor.dev.harvest_tree import open_tree
from tfkdoctor.dev.harvest_views import Recipe
from tfkdoctor.versions import KERAS_3, LEGACY_KERAS


@dataclass(frozen=True, slots=True)
class Release:
    """One harvested version: its label in the index, the distributions to read, and how to walk them."""

    version: str
    pins: tuple[str, ...]  # what `pip download --no-deps` is given
    recipe: Recipe
    python: str = "3.11"
    renamed: tuple[tuple[str, str], ...] = ()
    respelled: tuple[tuple[str, str], ...] = ()  # what the sources call a package, and what it is called here
    without: tuple[str, ...] = ()  # modules that belong to another view


_PYTHONS = {"2.4": "3.8", "2.5": "3.9", "2.6": "3.9", "2.7": "3.9"}  # those without wheels for 3.10
_OWN_KERAS = ("2.4", "2.5")  # tf.keras is part of the distribution; from 2.6 on it is the distribution keras
_LEGACY_LAYERS = tuple(f"2.{minor}" for minor in range(6, 16))  # whose compat.v1.layers are in the distribution keras


def _modern(tensorflow: str, *more: str) -> Release:
    """TensorFlow 2 without Keras."""
    version = ".".join(tensorflow.partition("==")[2].split(".")[:2])
    legacy = (
        ("tensorflow.compat.v1.layers", "keras.api._v1.keras.__internal__.legacy.layers"),
        ("tensorflow.compat.v1.nn.rnn_cell", "keras.api._v1.keras.__internal__.legacy.rnn_cell"),
    )
    estimator = "tensorflow_estimator.python.estimator.api"
    recipe = Recipe(
        roots=(("tensorflow", "tensorflow"), *(legacy if version in _LEGACY_LAYERS else ())),
        prefixes=(
            ("tensorflow._api.v2", "tensorflow"),
            ("tensorboard.summary._tf.summary", "tensorflow.summary"),
            (f"{estimator}._v2.estimator", "tensorflow.estimator"),
            (f"{estimator}._v1.estimator", "tensorflow.compat.v1.estimator"),
            *((module, public) for public, module in (legacy if version in _LEGACY_LAYERS else ())),
        ),
        skip=frozenset({"tensorflow.compat.v1.compat", "tensorflow.compat.v2.compat"}),
    )
    own = ("tensorflow.keras", "tensorflow.python.keras.api")
    return Release(version, (tensorflow, *more, "absl-py==2.5.1"), recipe, python=_python(tensorflow), without=own)


def _tf_keras(version: str, keras: str, tensorflow: str, root: str) -> Release:
    """Keras as `tensorflow.keras`; the TensorFlow beside it holds base classes."""
    prefixes: tuple[tuple[str, str], ...] = ((root, "tensorflow.keras"),)
    if version.startswith("3."):
        prefixes += (("keras.src", "keras.src"), ("keras", "tensorflow.keras"))
    recipe = Recipe((("tensorflow.keras", root),), prefixes, submodules=True)
    return Release(version, (keras, tensorflow), recipe, python=_python(tensorflow))


def _python(tensorflow: str) -> str:
    """A Python that has wheels of this TensorFlow."""
    minor = ".".join(tensorflow.partition("==")[2].split(".")[:2])
    return _PYTHONS.get(minor, "3.10" if Version(minor) < Version("2.12") else "3.11")


def _legacy_keras(version: str, tensorflow: str) -> Release:
    """The package tf_keras: the sources of Keras 2 under another name, read under their own so that rows are shared."""
    release = _tf_keras(version, f"tf-keras=={version}", tensorflow, "keras.api._v2.keras")
    return replace(release, renamed=(("keras", "tf_keras"),), respelled=(("tf_keras", "keras"),))


def _origin(version: str, keras: str, *more: str) -> Release:
    others = frozenset({"keras.backend.theano_backend", "keras.backend.cntk_backend"})  # no such thing in TensorFlow
    recipe = Recipe((("keras", "keras"),), (("keras", "keras"),), whole=True, closed=others)
    return Release(version, (keras, *more), recipe)


_OLD_PARTS = ("keras-applications==1.0.8", "keras-preprocessing==1.1.2")

_TF1 = Release(
    "1.15",
    ("tensorflow==1.15.5", "tensorflow-estimator==1.15.1", "absl-py==2.1.0", "keras-preprocessing==1.1.2"),
    Recipe(
        (("tensorflow", "tensorflow"),),
        (
            ("tensorflow._api.v1", "tensorflow"),
            ("tensorflow.contrib", "tensorflow.contrib"),
            ("tensorflow.python.keras.api._v1.keras", "tensorflow.keras"),
            ("tensorflow_estimator.python.estimator.api._v1.estimator", "tensorflow.estimator"),
        ),
        skip=frozenset(
            {"tensorflow.compat.v1.compat", "tensorflow.compat.v2.compat", "tensorflow.compat.v2.keras"}
            | {"tensorflow.compat.v1.keras", "tensorflow.compat.v1.estimator", "tensorflow.compat.v2.estimator"}
        ),
    ),
    python="3.7",
    renamed=(("tensorflow", "tensorflow_core"),),
)

# TensorFlow's releases with what was read beside each: the Keras (and what else) that came with it.
_KERAS_2 = {
    "2.4.4": ("tensorflow-estimator==2.4.0", "tensorboard==2.4.1"),
    "2.5.3": ("tensorflow-estimator==2.5.0", "tensorboard==2.5.0"),
    "2.6.5": ("keras==2.6.0", "tensorflow-estimator==2.6.0", "tensorboard==2.6.0"),
    "2.7.4": ("keras==2.7.0", "tensorflow-estimator==2.7.0", "tensorboard==2.7.0"),
    "2.8.4": ("keras==2.8.0", "tensorflow-estimator==2.8.0", "tensorboard==2.8.0"),
    "2.9.3": ("keras==2.9.0", "tensorflow-estimator==2.9.0", "tensorboard==2.9.1"),
    "2.10.1": ("keras==2.10.0", "tensorflow-estimator==2.10.0", "tensorboard==2.10.1"),
    "2.11.1": ("keras==2.11.0", "tensorflow-estimator==2.11.0", "tensorboard==2.11.2"),
    "2.12.1": ("keras==2.12.0", "tensorflow-estimator==2.12.0", "tensorboard==2.12.3"),
    "2.13.1": ("keras==2.13.1", "tensorflow-estimator==2.13.0", "tensorboard==2.13.0"),
    "2.14.1": ("keras==2.14.0", "tensorflow-estimator==2.14.0", "tensorboard==2.14.1"),
    "2.15.1": ("keras==2.15.0", "tensorflow-estimator==2.15.0", "tensorboard==2.15.2"),
}
_KERAS_3 = {
    "tensorflow-cpu==2.16.1": "3.0.5",
    "tensorflow-cpu==2.17.1": "3.4.1",
    "tensorflow-cpu==2.18.1": "3.6.0",
    "tensorflow-cpu==2.19.1": "3.9.2",
    "tensorflow-cpu==2.20.0": "3.11.3",
    "tensorflow==2.21.0": "3.15.1",
}


def _keras_2(tensorflow: str, beside: str) -> Release:
    """tf.keras of a TensorFlow up to 2.15: the distribution keras, or (2.4, 2.5) a part of TensorFlow."""
    pin = f"tensorflow-cpu=={tensorflow}"
    minor = ".".join(tensorflow.split(".")[:2])
    if minor in _OWN_KERAS:
        root = "tensorflow.python.keras.api._v2.keras"
        recipe = Recipe((("tensorflow.keras", root),), ((root, "tensorflow.keras"),), submodules=True)
        return Release(f"{minor}.0", (pin,), recipe, python=_python(pin))
    return _tf_keras(beside.partition("==")[2], beside, pin, "keras.api._v2.keras")


def _keras_3(keras: str) -> Release:
    """Keras 3, with a TensorFlow that admits it."""
    older = Version(keras) < Version("3.15")
    tensorflow = "tensorflow-cpu==2.16.1" if older else "tensorflow==2.21.0"
    return _tf_keras(keras, f"keras=={keras}", tensorflow, "keras._tf_keras.keras")


# The views of the index: file name -> releases, oldest first. For the next release of TensorFlow or Keras, add a row
# and run the harvest again.
VIEWS: dict[str, tuple[Release, ...]] = {
    "tensorflow": (
        _TF1,
        *(_modern(f"tensorflow-cpu=={version}", *beside) for version, beside in _KERAS_2.items()),
        *(_modern(pin, f"keras=={keras}") for pin, keras in _KERAS_3.items()),
    ),
    "tensorflow.keras": (
        *(_keras_2(version, beside[0]) for version, beside in _KERAS_2.items()),
        *(_legacy_keras(version, "tensorflow==2.21.0") for version in LEGACY_KERAS.values()),
        *(_keras_3(version) for version in KERAS_3),
    ),
    "keras": (
        _origin("1.2.2", "keras==1.2.2"),
        _origin("2.0.8", "keras==2.0.8"),
        _origin("2.1.6", "keras==2.1.6"),
        _origin("2.2.4", "keras==2.2.4", *_OLD_PARTS),
        _origin("2.2.5", "keras==2.2.5", *_OLD_PARTS),
        _origin("2.3.1", "keras==2.3.1", *_OLD_PARTS),
        Release(
            "3.15.1",
            ("keras==3.15.1",),
            Recipe(
                (("keras", "keras"),),
                (("keras._tf_keras", "keras._tf_keras"), ("keras.src", "keras.src"), ("keras", "keras")),
                bare=True,
                submodules=True,
                skip=frozenset({"keras.src"}),
            ),
        ),
    ),
}


def names_of(release: Release, installed: list[Path], cache: Path) -> Names:
    """Open the release: from an installed environment that has exactly these versions, else from downloaded files."""
    sources = []
    for pin in release.pins:
        site = next((site for site in installed if _has(site, pin)), None)
        sources.append((site or downloaded(pin, release.python, cache), package_of(pin)))
    return Names(Scopes(open_tree(sources, dict(release.renamed), dict(release.respelled), release.without)))


def package_of(pin: str) -> str:
    """The package that a distribution installs."""
    name = pin.partition("==")[0]
    return {"tensorflow-cpu": "tensorflow", "absl-py": "absl", "tf-keras": "keras"}.get(name, name.replace("-", "_"))


def _has(site: Path, pin: str) -> bool:
    """Whether a site-packages folder holds the pinned version; `tensorflow` and `tensorflow-cpu` are the same code."""
    name, _, version = pin.partition("==")
    wanted = {_normal(name), _normal(name.removesuffix("-cpu")), _normal(name + "-cpu")}
    return any(
        _normal(info.name.removesuffix(".dist-info").rpartition("-")[0]) in wanted
        and info.name.removesuffix(".dist-info").rpartition("-")[2] == version
        for info in site.glob("*.dist-info")
    )


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def downloaded(pin: str, python: str, cache: Path) -> Path:
    """The wheel or source archive of a pinned distribution, brought by pip into the cache if it is not there.

    Raises RuntimeError with pip's words if it cannot be had.
    """
    folder = cache / f"{pin}-py{python}"
    files = [path for path in sorted(folder.glob("*")) if path.name.endswith((".whl", ".tar.gz"))]
    if files:
        return files[0]
    folder.mkdir(parents=True, exist_ok=True)
    base = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), pin]
    wheel = [*base, "--only-binary", ":all:", "--python-version", python, "--implementation", "cp"]
    for platform in ("manylinux2014_x86_64", "manylinux_2_27_x86_64", "manylinux2010_x86_64", "linux_x86_64"):
        wheel += ["--platform", platform]
    source = [*base, "--no-binary", ":all:"]
    messages = []
    for command in (wheel, source):
        done = subprocess.run(command, capture_output=True, text=True)
        files = [path for path in sorted(folder.glob("*")) if path.name.endswith((".whl", ".tar.gz"))]
        if files:
            return files[0]
        messages.append(done.stderr.strip())
    raise RuntimeError(f"pip cannot download {pin} for Python {python}:\n" + "\n".join(messages))
