"""Each check against facts that it is about: what it says, and when it keeps silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from doctor_values import GOOD_DRIVER, H100, SITE, errors, facts, interpreter, seen, whole, with_gpu

from tfkdoctor.doctor import compat
from tfkdoctor.doctor.checks import CHECKS, run_checks
from tfkdoctor.doctor.examine import check, list_checks
from tfkdoctor.doctor.facts import (
    Build,
    Distribution,
    Driver,
    Facts,
    Gpu,
    Host,
    Imported,
    KerasConfig,
    Library,
    Overlap,
    Package,
    Patient,
    Shadow,
    Unknown,
)
from tfkdoctor.doctor.project import Kernel, Loaded, Mention, Project
from tfkdoctor.doctor.surroundings import SOURCE
from tfkdoctor.model import Severity

HOST = Host("glibc 2.36", ("avx",), False, False, (), ())
BUILD = Build(False, Unknown(""), Unknown(""), Unknown(""), Unknown(""), (), "")


ACTIVE = Patient("/env/bin/python", "the active virtual environment, VIRTUAL_ENV")
SWITCH = "TF_USE_LEGACY_KERAS"
SHIM = Distribution("tensorflow", "2.15.1", SITE, (), record=True)


def around(**changes: object) -> Project:
    return replace(Project((), Unknown("no pip on PATH"), ()), **changes)  # type: ignore[arg-type]


def tf221(**changes: str) -> dict[str, str]:
    return {**whole("2.21.0", "3.11.7"), **changes}


def tf215(**changes: str) -> dict[str, str]:
    return {**whole("2.15.1", "3.11.7"), **changes}


def tf115(**changes: str) -> dict[str, str]:
    return {**whole("1.15.5", "3.7.16"), **changes}


def more(versions: dict[str, str], **others: str) -> dict[str, str]:
    """The same with distributions whose names hold a dash, written with an underscore."""
    return {**versions, **{name.replace("_", "-"): version for name, version in others.items()}}


def distributions(one: Facts) -> tuple[Distribution, ...]:
    assert not isinstance(one.distributions, Unknown)
    return one.distributions


def with_missing(one: Facts, name: str, *paths: str) -> Facts:
    changed = (replace(d, missing=paths, recorded=9) if d.name == name else d for d in distributions(one))
    return replace(one, distributions=tuple(changed))


def config(**values: str) -> KerasConfig:
    return KerasConfig("/home/me/.keras/keras.json", values.pop("state", "read"), **values)


def hidden_behind(one: Facts, folder: str, versions: dict[str, str]) -> Facts:
    """The same with these distributions in a folder of PYTHONPATH, in front of what is installed."""
    assert not isinstance(one.interpreter, Unknown)
    front = tuple(Distribution(name, version, folder, ()) for name, version in versions.items())
    environment = {**one.interpreter.environment, "PYTHONPATH": folder}
    return replace(
        one,
        distributions=front + distributions(one),
        interpreter=replace(one.interpreter, environment=environment, path=(folder, SITE)),
    )


WHOLE = {
    "TF 2.21": facts(tf221()),
    "TF 2.21 with a GPU": with_gpu(facts(tf221())),
    "TF 2.15": facts(tf215()),
    "TF 2.10 on Python 3.10": facts(whole("2.10.1", "3.10.13"), python="3.10.13"),
    "TF 1.15 with Keras 2.2.5 on Python 3.7": facts({**tf115(), "keras": "2.2.5"}, python="3.7.16"),
    "TF 1.4 with Keras 1.2.2 on Python 3.6": facts({**whole("1.4.1", "3.6.15"), "keras": "1.2.2"}, python="3.6.15"),
    "legacy Keras": facts(more(tf221(), tf_keras="2.21.0"), environment={"TF_USE_LEGACY_KERAS": "1"}),
    "Keras 2.15 in the environment of a Theano user": facts(tf215(), environment={"KERAS_BACKEND": "theano"}),
    "Keras 3 with torch, no TensorFlow": facts({"keras": "3.15.1", "torch": "2.9.0"}),
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_whole_has_no_more_than_hints(name: str) -> None:
    assert seen(WHOLE[name]) == []


CASES: dict[str, tuple[Facts, str]] = {
    "no TensorFlow": (facts({}), "DI030 error TensorFlow is not installed in this interpreter"),
    "Python too new": (
        facts({}, python="3.14.1"),
        "PY001 error for Python 3.14 there is only the pre-release TensorFlow 2.22.0rc0",
    ),
    "no wheel for the machine": (
        facts({}, interpreter=interpreter(machine="riscv64")),
        "PY001 error no TensorFlow release has a wheel for Linux on riscv64",
    ),
    "32 bit": (
        facts({}, interpreter=interpreter(bits=32)),
        "PY003 error this Python is a 32-bit build; TensorFlow has only 64-bit wheels",
    ),
    "an old pip": (
        facts({"pip": "9.0.3"}, python="3.6.15"),
        "PY006 warning pip 9.0.3 does not know the tags of newer wheels (20.3 does) and finds older releases or none",
    ),
    "PyPy": (
        facts({}, interpreter=interpreter(implementation="PyPy")),
        "PY007 error this is PyPy 3.11.7; TensorFlow has wheels for CPython only",
    ),
    "no AVX": (
        facts(tf215(), host=Host("glibc 2.36", ("sse4_2",), False, False, (), ())),
        "PY008 error this processor offers no AVX; every TensorFlow wheel since 1.6 uses it and dies with SIGILL",
    ),
    "an interpreter that is none": (
        facts({}, interpreter=Unknown("no answer within 5 s")),
        "PY017 error /env/bin/python cannot be examined: no answer within 5 s",
    ),
    "two owners": (
        replace(
            facts(more(tf221(), tensorflow_cpu="2.20.0", tensorboard="2.20.0")),
            overlaps=(
                Overlap(f"{SITE}/tensorflow/__init__.py", ("tensorflow", "tensorflow-cpu"), "tensorflow-cpu 2.20.0"),
            ),
        ),
        "DI001 error tensorflow 2.21.0 and tensorflow-cpu 2.20.0 both own the folder tensorflow/; "
        "the files on the disk are those of tensorflow-cpu 2.20.0",
    ),
    "files gone": (
        with_missing(facts(tf215()), "tensorflow", "tensorflow/__init__.py", "tensorflow/python/__init__.py"),
        "DI002 error tensorflow 2.15.1 is not whole: tensorflow/__init__.py, tensorflow/python/__init__.py are missing",
    ),
    "an empty namespace": (
        facts({"keras": "3.15.1"}, packages=(Package("tensorflow", f"{SITE}/tensorflow", False, Unknown("")),)),
        f"DI002 error {SITE}/tensorflow is left over: without __init__.py it imports as an empty namespace",
    ),
    "an interrupted pip": (
        facts(tf215(), leftovers=(f"{SITE}/~ensorflow",)),
        f"DI004 warning {SITE}/~ensorflow is what an interrupted pip left",
    ),
    "keras and keras-nightly": (
        facts(more(tf221(), keras_nightly="3.15.0.dev1")),
        "DI006 error keras 3.15.1 and keras-nightly 3.15.0.dev1 both own the folder keras/",
    ),
    "a declared range": (
        facts(tf221(protobuf="8.1.0")),
        "DI008 error tensorflow 2.21.0 requires protobuf<8.0.0,>=6.31.1, but 8.1.0 is installed",
    ),
    "protobuf older than the gencode": (
        replace(facts(whole("2.20.0", "3.11.7") | {"protobuf": "5.28.0"}), build=replace(BUILD, protobuf="5.28.3")),
        "DI011 error protobuf 5.28.0 is older than 5.28.3, with which TensorFlow 2.20.0 was generated: import "
        "tensorflow dies",
    ),
    "ml_dtypes under 2.14": (
        facts(more(whole("2.14.1", "3.11.7"), ml_dtypes="0.5.4")),
        "DI013 error tensorflow 2.14.1 requires ml-dtypes==0.2.0, but 0.5.4 is installed: import tensorflow dies",
    ),
    "ml_dtypes under 2.15": (
        facts(more(tf215(), ml_dtypes="0.5.4")),
        "DI013 warning tensorflow 2.15.1 requires ml-dtypes~=0.3.1, but 0.5.4 is installed: pip calls it a conflict, "
        "the import goes on",
    ),
    "a newer wrapt": (
        facts(tf215(wrapt="1.16.0")),
        "DI014 warning tensorflow 2.15.1 requires wrapt<1.15,>=1.11.0, but 1.16.0 is installed: pip calls it a "
        "conflict, the import goes on",
    ),
    "an older wrapt": (
        facts(tf215(wrapt="1.10.0")),
        "DI008 error tensorflow 2.15.1 requires wrapt<1.15,>=1.11.0, but 1.10.0 is installed",
    ),
    "tensorflow-decision-forests": (
        facts(
            more(tf221(), tensorflow_decision_forests="1.12.0"),
            requires={"tensorflow-decision-forests": ("tensorflow==2.19.0",)},
        ),
        "DI022 error tensorflow-decision-forests 1.12.0 is built for tensorflow==2.19.0, not for 2.21.0: its library "
        "does not load",
    ),
    "tensorflow-probability": (
        facts(
            more(tf221(), tensorflow_probability="0.25.0"),
            requires={"tensorflow-probability": ("six", "tensorflow>=2.16; extra == 'tf'", "tf-keras; extra == 'tf'")},
        ),
        "DI023 error tensorflow-probability 0.25.0 needs tf-keras, and it is not installed: its metadata says so in an "
        "extra only, so pip never warns",
    ),
    "transformers": (
        facts(more(tf221(), transformers="4.57.0")),
        "DI028 warning the TensorFlow models of transformers 4.57.0 need tf-keras, because keras is 3.15.1: Keras 3, "
        "but this is not yet supported in Transformers",
    ),
    "numpy 2": (
        facts(tf215(numpy="2.2.6")),
        "DI009 error numpy 2.2.6 is too new for tensorflow 2.15.1: import tensorflow dies: "
        "numpy.core.umath failed to import, _ARRAY_API not found",
    ),
    "protobuf 4": (
        facts(tf115(protobuf="4.24.4"), python="3.7.16"),
        "DI010 error protobuf 4.24.4 is too new for tensorflow 1.15.5: import tensorflow dies: "
        "TypeError: Descriptors cannot be created directly",
    ),
    "h5py 3": (
        facts({**whole("1.15.4", "3.7.16"), "h5py": "3.8.0"}, python="3.7.16"),
        "DI015 error h5py 3.8.0 is too new for tensorflow 1.15.4: load_weights and load_model die: "
        "AttributeError: 'str' object has no attribute 'decode'",
    ),
    "setuptools 82": (
        facts(tf215(setuptools="82.0.1")),
        "DI016 warning setuptools 82.0.1 is too new for tensorboard 2.15.2: the command tensorboard dies: "
        "No module named 'pkg_resources' (training and the callback go on)",
    ),
    "tensorflow-text": (
        facts(more(tf215(), tensorflow_text="2.19.0")),
        "DI020 error tensorflow-text 2.19.0 is built for TensorFlow 2.19, not for 2.15.1: undefined symbol at import",
    ),
    "altered": (
        replace(
            facts(tf215()),
            distributions=tuple(
                replace(d, altered=("keras/__init__.py",)) if d.name == "keras" else d
                for d in distributions(facts(tf215()))
            ),
        ),
        "DI031 warning keras 2.15.0: keras/__init__.py is not the file that was installed",
    ),
    "files of another version": (
        facts(tf215(), packages=(Package("tensorflow", f"{SITE}/tensorflow", True, "2.14.0"),)),
        f"DI032 error metadata says tensorflow 2.15.1, the files in {SITE}/tensorflow are 2.14.0",
    ),
    "Keras 3 under 2.14": (
        facts({**whole("2.14.1", "3.11.7"), "keras": "3.15.1"}),
        "KE001 error keras 3.15.1 with TensorFlow 2.14.1: tf.keras cannot be used",
    ),
    "Keras 3 under 2.15": (
        facts(tf215(keras="3.15.1")),
        "KE001 warning keras 3.15.1 with TensorFlow 2.15.1: it works, but tf.keras becomes Keras 3, "
        "and pip calls it a conflict",
    ),
    "Keras 2 under 2.21": (
        facts(tf221(keras="2.15.0")),
        "KE002 error TensorFlow 2.21.0 needs Keras 3, but keras 2.15.0 is installed: "
        "import tensorflow works, and every use of tf.keras dies",
    ),
    "Keras below the floor": (
        facts(tf221(keras="3.5.0")),
        "KE003 warning TensorFlow 2.21.0 requires keras>=3.12.0, but 3.5.0 is installed: pip calls it a conflict, "
        "tf.keras goes on",
    ),
    "another Keras minor": (
        facts({**whole("2.10.1", "3.10.13"), "keras": "2.11.0"}, python="3.10.13"),
        "KE003 error keras 2.11.0 with TensorFlow 2.10.1: from 2.6 to 2.15 both must have one minor",
    ),
    "the switch without tf-keras": (
        facts(tf221(), environment={"TF_USE_LEGACY_KERAS": "True"}),
        "KE005 error TF_USE_LEGACY_KERAS=True makes tf.keras the distribution tf-keras, which is not installed",
    ),
    "a backend that is not installed": (
        facts(tf221(), environment={"KERAS_BACKEND": "jax"}),
        "KE005 error Keras is told to use the backend jax, which is not installed",
    ),
    "a switch that does not count": (
        facts(tf221(), environment={"TF_USE_LEGACY_KERAS": "yes"}),
        "KE006 warning TF_USE_LEGACY_KERAS=yes is ignored: only 1, true and True count",
    ),
    "tf-keras of another minor": (
        facts(more(tf221(), tf_keras="2.15.0")),
        "KE008 error tf-keras 2.15.0 with TensorFlow 2.21.0: both must have one minor",
    ),
    "tf-keras of a near minor": (
        facts(more(tf221(), tf_keras="2.20.1")),
        "KE008 warning tf-keras 2.20.1 with TensorFlow 2.21.0: both must have one minor; simple models work, and pip "
        "calls it a conflict",
    ),
    "theano in keras.json": (
        facts(tf221(), keras_config=config(backend="theano")),
        "KE009 error Keras 3 has no backend 'theano': Unable to import backend",
    ),
    "channels_first in keras.json": (
        facts(tf221(), keras_config=config(image_data_format="channels_first")),
        "KE010 warning /home/me/.keras/keras.json sets image_data_format to channels_first for every program of this "
        "user",
    ),
    "an invalid keras.json": (
        facts(tf221(), keras_config=config(state="invalid", problem="Expecting value: line 1")),
        "KE010 warning /home/me/.keras/keras.json is silently ignored: Expecting value: line 1",
    ),
    "a keras.json that Keras refuses": (
        facts(tf221(), keras_config=config(state="refused", problem="epsilon is 1, and must be a number")),
        "KE010 error Keras cannot be imported with /home/me/.keras/keras.json: epsilon is 1, and must be a number",
    ),
    "a keras.json from the days of Theano under Keras 2.2.5": (
        facts({**tf115(), "keras": "2.2.5"}, python="3.7.16", keras_config=config(backend="theano")),
        "KE005 error Keras is told to use the backend theano, which is not installed",
    ),
    "a version that is none": (
        facts({"tensorflow": "banana", "numpy": "2.2.6", "keras": "3.15.1"}),
        "DI002 warning tensorflow states the version 'banana', which is none: nothing can be held against it",
    ),
    "another TensorFlow in front of the installed one": (
        hidden_behind(facts(tf221()), "/module", {"tensorflow-cpu": "2.16.1"}),
        f"PY015 warning tensorflow is installed twice: tensorflow-cpu 2.16.1 in /module hides tensorflow 2.21.0 in "
        f"{SITE}",
    ),
    "a pip of another interpreter": (
        facts(tf221(), patient=ACTIVE, project=around(pip="/usr/bin/python3")),
        "PY014 warning pip on PATH installs for /usr/bin/python3, and this is /env/bin/python",
    ),
    "a kernel whose interpreter is gone": (
        facts(tf221(), project=around(kernels=(Kernel("tf", "/gone/bin/python", "/env/share/k.json", False),))),
        "PY014 warning the Jupyter kernel tf starts an interpreter that is gone: /gone/bin/python",
    ),
    "a switch that is set too late": (
        facts(tf221(), project=around(mentions=(Mention("late switch", SWITCH, "/project/train.py", 3, 1),))),
        f"KE007 warning /project/train.py:3 sets {SWITCH} after line 1 has loaded Keras: it changes nothing",
    ),
    "an import of tensorflow.python.keras": (
        facts(tf221(), project=around(mentions=(Mention("private keras", "x", "/project/a.py", 2),))),
        "KE011 warning /project/a.py:2 imports tensorflow.python.keras, an old copy whose classes are not those of "
        "tf.keras",
    ),
    "TensorFlow's source": (
        facts(tf221(), shadows=(Shadow("tensorflow", "/source/tensorflow", SOURCE),)),
        "PR002 error /source/tensorflow is TensorFlow's source, without what a build adds: from here import tensorflow "
        "takes it",
    ),
    "a kernel with an old module": (
        facts(tf221(), project=around(loaded=(Loaded("tensorflow", "2.15.1"),))),
        "PR007 warning this kernel has imported tensorflow 2.15.1, and 2.21.0 is installed by now",
    ),
    "an empty wheel": (
        facts({"tensorflow": "2.15.1"}, packages=(), distributions=(SHIM,)),
        "DI007 error tensorflow 2.15.1 is an empty wheel here, whose files tensorflow-intel or tensorflow-macos or "
        "tensorflow-cpu-aws would bring, and none of them is installed: No module named 'tensorflow'",
    ),
    "a local keras.py": (
        facts(tf215(), shadows=(Shadow("keras", "/project/keras.py", "the installed package"),)),
        "PR001 error keras.py in /project hides the installed package from every program that is started there",
    ),
    "a local random.py": (
        facts(tf215(), shadows=(Shadow("random", "/project/random.py", "the standard library"),)),
        "PR001 warning random.py in /project hides the standard library (random) from every program that is started "
        "there",
    ),
    "a first use of Keras that crashes": (
        facts(tf215(), imported=Imported("signal", "killed by SIGILL", 1.0, version="2.15.1")),
        "DI033 error the first use of tf.keras crashes the interpreter: killed by SIGILL",
    ),
    "an import that crashes": (
        facts(tf215(), imported=Imported("signal", "killed by SIGILL", 1.0)),
        "DI033 error import tensorflow crashes the interpreter: killed by SIGILL",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said(name: str) -> None:
    one, expected = CASES[name]
    assert expected in seen(one)


GPU = with_gpu(facts(tf221()))
OLD = Gpu(0, "NVIDIA GTX 980", "GPU-2", "5.2", 4096, 0)
NEW = Gpu(0, "NVIDIA RTX 5090", "GPU-3", "12.0", 32607, 0)
ADA = Gpu(0, "NVIDIA RTX 4090", "GPU-4", "8.9", 24564, 0)


def driver(**changes: object) -> Driver:
    return replace(GOOD_DRIVER, **changes)  # type: ignore[arg-type]


def library(soname: str, **changes: object) -> Callable[[Facts], Facts]:
    def change(one: Facts) -> Facts:
        assert not isinstance(one.libraries, Unknown)
        return replace(
            one,
            libraries=tuple(
                replace(x, **changes) if x.soname == soname else x  # type: ignore[arg-type]
                for x in one.libraries
            ),
        )

    return change


GPU_CASES: dict[str, tuple[Facts, str]] = {
    "a CPU build": (
        with_gpu(facts(tf221()), cuda_build=False),
        "GP002 warning tensorflow 2.21.0 is built without CUDA; NVIDIA H100 is not used",
    ),
    "no libcudart": (
        with_gpu(facts(tf221()), missing=("libcudart.so.12",)),
        "GP003 error libcudart.so.12 is nowhere to be found: TensorFlow 2.21.0 sees no GPU and says, wrongly, "
        "that it could not find CUDA drivers",
    ),
    "no cuDNN": (
        with_gpu(facts(tf221()), missing=("libcudnn.so.9",)),
        "GP004 error TensorFlow 2.21.0 cannot load libcudnn.so.9: Cannot dlopen some GPU libraries, no GPU is "
        "registered",
    ),
    "a wheel off the path": (
        library(
            "libcudnn.so.8",
            path="",
            wheel=f"{SITE}/nvidia/cudnn/lib/libcudnn.so.8",
            wheel_version="nvidia-cudnn-cu11 8.6.0.163",
        )(with_gpu(facts(whole("2.12.1", "3.11.7")))),
        "GP005 error libcudnn.so.8 lies in nvidia-cudnn-cu11 8.6.0.163, where TensorFlow 2.12.1 does not look: "
        "no GPU is registered",
    ),
    "an old cuDNN": (
        library("libcudnn.so.9", version="nvidia-cudnn-cu12 9.1.0.70")(GPU),
        "GP006 error cuDNN 9.1.0.70 is older than 9.3, with which TensorFlow 2.21.0 was built: "
        "DNN library initialization failed",
    ),
    "cuDNN 8 for 2.21": (
        with_gpu(facts(more(tf221(), nvidia_cudnn_cu12="8.9.7.29")), missing=("libcudnn.so.9",)),
        "GP007 error TensorFlow 2.21.0 needs cuDNN 9, but nvidia-cudnn-cu12 8.9.7.29 is installed",
    ),
    "LD_LIBRARY_PATH": (
        library(
            "libcudnn.so.9",
            path="/opt/cuda/lib/libcudnn.so.9",
            found_by="LD_LIBRARY_PATH",
            version="9.0.0",
            wheel=f"{SITE}/nvidia/cudnn/lib/libcudnn.so.9",
            wheel_version="nvidia-cudnn-cu12 9.10.2.21",
        )(GPU),
        "GP008 error LD_LIBRARY_PATH puts /opt/cuda/lib/libcudnn.so.9 (9.0.0) before the copy of nvidia-cudnn-cu12 "
        "9.10.2.21",
    ),
    "cu12 and cu13": (
        replace(
            GPU,
            overlaps=(
                Overlap(f"{SITE}/nvidia/cudnn/lib/libcudnn.so.9", ("nvidia-cudnn-cu12", "nvidia-cudnn-cu13"), ""),
            ),
        ),
        "GP009 warning nvidia-cudnn-cu12 and nvidia-cudnn-cu13 both own libcudnn.so.9",
    ),
    "cu11 wheels": (
        with_gpu(facts(more(tf221(), nvidia_cuda_runtime_cu11="11.8.89")), missing=("libcudart.so.12",)),
        "GP010 error the installed NVIDIA wheels (nvidia-cuda-runtime-cu11, 1 in all) are not for CUDA 12, "
        "which TensorFlow 2.21.0 needs",
    ),
    "an old driver": (
        with_gpu(facts(tf221()), driver=driver(kernel="470.256.02", library="470.256.02", cuda="11.4")),
        "GP013 error driver 470.256.02 (it speaks CUDA 11.4) is too old for CUDA 12.5, with which TensorFlow 2.21.0 "
        "was built: it needs 525.60.13 or later",
    ),
    "driver and library differ": (
        with_gpu(facts(tf221()), driver=driver(kernel="550.54.14", library="550.90.07", init=803, nvml=18)),
        "GP014 error the loaded kernel module (550.54.14) and the driver's library (550.90.07) do not match",
    ),
    "no NVML": (
        with_gpu(facts(tf221()), driver=driver(nvml=12)),
        "GP017 error libnvidia-ml.so.1 is missing: TensorFlow 2.21.0 then sees no GPU and logs nothing",
    ),
    "hidden devices": (
        with_gpu(facts(tf221(), environment={"CUDA_VISIBLE_DEVICES": "-1"}), driver=driver(visible=0, init=100)),
        "GP019 warning CUDA_VISIBLE_DEVICES=-1 leaves 0 of 1 GPUs",
    ),
    "Maxwell": (
        with_gpu(facts(tf221()), OLD),
        "GP022 error NVIDIA GTX 980 has compute capability 5.2; TensorFlow 2.21.0 holds code for sm_60, sm_70, sm_80, "
        "sm_89, compute_90: the GPU is listed and the first operation fails",
    ),
    "Blackwell": (
        with_gpu(facts(tf221()), NEW),
        "GP023 warning NVIDIA RTX 5090 has compute capability 12.0, newer than the code in TensorFlow 2.21.0 (sm_60, "
        "sm_70, "
        "sm_80, sm_89, compute_90): the driver compiles every kernel at the first run, which takes up to half an hour "
        "or fails",
    ),
    "cuInit": (
        with_gpu(facts(tf221()), driver=driver(init=802)),
        "GP027 error CUDA does not start: cuInit answers 802, CUDA_ERROR_SYSTEM_NOT_READY: the fabric manager does "
        "not run",
    ),
    "a card without a driver": (
        facts(tf221(), host=Host("glibc 2.36", ("avx",), False, False, ("0000:01:00.0",), ())),
        "GP029 hint there is an NVIDIA card (PCI 0000:01:00.0), but its driver is not loaded",
    ),
    "TensorFlow lists none": (
        replace(
            GPU,
            imported=Imported(
                "ok", "", 5.0, "2.21.0", devices=("/physical_device:CPU:0",), not_loaded=("libcudnn.so.9",)
            ),
        ),
        "GP036 error TensorFlow 2.21.0 lists no GPU although there is NVIDIA H100; it could not load libcudnn.so.9",
    ),
}


@pytest.mark.parametrize("name", GPU_CASES)
def test_what_is_wrong_with_a_gpu_is_said(name: str) -> None:
    one, expected = GPU_CASES[name]
    assert expected in seen(one, hints=True)


def test_missing_libraries_are_no_fault_without_a_device() -> None:
    one = facts(tf221(), libraries=tuple(Library(s, "", "") for s in compat.load().cuda_for("2.21.0").sonames))  # type: ignore[union-attr]
    assert seen(one) == []


@pytest.mark.parametrize("gpu", [H100, ADA])
def test_cards_that_the_build_has_code_for_are_fine(gpu: Gpu) -> None:
    assert seen(with_gpu(facts(tf221()), gpu)) == []


def test_a_machine_without_a_gpu_is_a_hint() -> None:
    assert [line for line in seen(facts(tf215()), hints=True) if line.startswith("GP")] == [
        "GP001 hint no NVIDIA GPU here (no NVIDIA kernel module is loaded); TensorFlow 2.15.1 runs on the processor"
    ]


def test_a_retired_distribution_is_a_hint() -> None:
    one = facts(whole("2.10.1", "3.10.13", "tensorflow-gpu"), python="3.10.13")
    assert [line for line in seen(one, hints=True) if line.startswith("DI005")] == [
        "DI005 hint tensorflow-gpu 2.10.1 is a retired distribution: it ends with 2.11.0"
    ]


def test_slow_protobuf_makes_the_error_a_hint() -> None:
    one = facts(
        tf115(protobuf="4.24.4"), python="3.7.16", environment={"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"}
    )
    assert errors(one) == []


def test_select_and_ignore_are_prefixes() -> None:
    one = facts(tf221(keras="2.15.0", numpy="1.26.4"), environment={"KERAS_BACKEND": "theano"})
    codes = {f.code for f in check(one, select=("KE",), ignore=("KE009",)).findings}
    assert codes == {"KE002"}
    assert check(one, select=("KE",)).checked == sum(c.code.startswith("KE") for c in CHECKS)


def test_every_check_has_its_own_code_and_says_what_it_is_about() -> None:
    codes = [info.code for info in list_checks()]
    assert codes == sorted(set(codes))
    assert all(one.title and one.cause and one.symptom and one.fix and one.source for one in list_checks())


def test_every_finding_says_what_was_seen_and_what_to_do() -> None:
    for one, _ in (*CASES.values(), *GPU_CASES.values()):
        for finding in run_checks(one, compat.load())[0]:
            assert finding.help and finding.evidence and "\n" not in finding.message, finding
            assert finding.severity in Severity


def test_nothing_known_is_nothing_said() -> None:
    """Facts of which every field is Unknown: one finding, about the interpreter."""
    no = Unknown("lost")
    one = replace(
        facts({}),
        interpreter=no,
        distributions=no,
        packages=no,
        overlaps=no,
        leftovers=no,
        shadows=no,
        keras_config=no,
        host=no,
        driver=no,
        gpus=no,
        libraries=no,
        build=no,
        imported=no,
    )
    assert seen(one, hints=True) == ["PY017 error /env/bin/python cannot be examined: lost"]


def test_of_two_tensorflows_in_two_folders_only_the_first_counts() -> None:
    """They own two folders, and not one: nothing is wrong with the one that is imported."""
    front = {**whole("2.16.1", "3.11.7", "tensorflow-cpu")}
    one = hidden_behind(facts(tf221()), "/module", front)
    assert {line.split()[0] for line in seen(one)} == {"PY015"}


def test_an_environment_over_the_system_may_have_its_own_versions() -> None:
    """A virtual environment with system-site-packages and a newer numpy: as it is meant, and a hint."""
    one = facts(tf221())
    system = Distribution("numpy", "1.24.2", "/usr/lib/python3/dist-packages", ())
    found = seen(replace(one, distributions=(*distributions(one), system)), hints=True)
    assert (
        f"PY015 hint numpy is installed twice: numpy {one.version('numpy')} in {SITE} hides numpy 1.24.2"
        in " ".join(found)
    )
    assert seen(replace(one, distributions=(*distributions(one), system))) == []


def test_of_a_version_that_is_none_nothing_else_is_said() -> None:
    versions = {"tensorflow": "banana", "numpy": "2.2.6", "keras": "3.15.1", "protobuf": "7.36.2", "h5py": "3.14.0"}
    assert [line.split()[0] for line in seen(facts(versions))] == ["DI002"]


def test_what_is_not_known_is_told_with_its_reason_and_never_found() -> None:
    """A check that lacks a fact of its `reads` finds nothing, and --verbose says why."""
    for name, (one, _) in CASES.items():
        for found in check(one).findings:
            (row,) = (row for row in CHECKS if row.code == found.code)
            for fact in (fact for fact in row.reads if "." not in fact):
                blind = check(replace(one, **{fact: Unknown("lost")}), select=(row.code,))  # type: ignore[arg-type]
                assert blind.findings == (), (name, row.code, fact)
                assert [(quiet.code, quiet.unknown) for quiet in blind.quiet] == [(row.code, "lost")]


def test_a_check_that_found_nothing_is_listed_as_such() -> None:
    run = check(facts(tf221()), select=("KE00",))
    assert [(quiet.code, quiet.unknown) for quiet in run.quiet] == [
        (row.code, "") for row in CHECKS if row.code.startswith("KE00")
    ]


HINTS: dict[str, tuple[Facts, str]] = {
    "Alpine": (
        facts({}, host=Host("musl", ("avx",), True, False, (), ())),
        "PY004 hint this system uses musl (Alpine); no TensorFlow wheel was ever built for it",
    ),
    "old glibc": (
        facts(tf221(), host=Host("glibc 2.17", ("avx",), False, False, (), ())),
        "PY005 hint TensorFlow 2.21.0 needs glibc 2.27; this system has 2.17",
    ),
    "Windows": (
        facts(tf221(), interpreter=interpreter(system="Windows", machine="AMD64")),
        "PY009 hint TensorFlow 2.21.0 has no CUDA on Windows; 2.10.1 was the last with it",
    ),
    "no C++ runtime": (
        facts(
            tf221(),
            interpreter=interpreter(system="Windows", machine="AMD64"),
            host=replace(HOST, missing_dlls=("msvcp140_1.dll",)),
        ),
        "PY010 hint msvcp140_1.dll is missing: DLL load failed while importing _pywrap_tensorflow_internal",
    ),
    "an Intel Mac": (
        facts({}, interpreter=interpreter(system="Darwin", machine="x86_64")),
        "PY011 hint on an Intel Mac TensorFlow ends with 2.16.2; the newest is 2.21.0",
    ),
    "Rosetta": (
        facts({}, interpreter=interpreter(system="Darwin", machine="x86_64"), host=replace(HOST, translated=True)),
        "PY012 hint this Python is built for Intel and runs translated (Rosetta): TensorFlow's wheels for it use AVX, "
        "which Rosetta does not offer",
    ),
    "a GPU on aarch64": (
        replace(with_gpu(facts(tf221())), interpreter=interpreter(machine="aarch64")),
        "PY013 hint TensorFlow 2.21.0 for aarch64 is built without CUDA on the package index; NVIDIA H100 is not used",
    ),
    "Keras 3 beside tf-keras that hub brought": (
        facts(
            more(tf221(), tf_keras="2.21.0", tensorflow_hub="0.16.1"),
            requires={"tensorflow-hub": ("tf-keras>=2.14.1",)},
        ),
        "DI024 hint two Keras libraries live here: tf.keras is Keras 3.15.1, and tensorflow-hub 0.16.1 works with "
        "tf-keras 2.21.0",
    ),
    "tensorflow-metal": (
        facts(more(whole("2.18.1", "3.11.7"), tensorflow_metal="1.1.0")),
        "DI025 hint tensorflow-metal 1.1.0 was built for TensorFlow up to 2.17: with 2.18.1 import tensorflow fails "
        "with Symbol not found",
    ),
    "a plugin for 2.10": (
        facts(more(tf221(), tensorflow_directml_plugin="0.4.0")),
        "DI026 hint tensorflow-directml-plugin 0.4.0 is made for TensorFlow ==2.10.*; 2.21.0 does not use it",
    ),
    "keras-cv": (
        facts(more(tf221(), keras_cv="0.9.0")),
        "DI029 hint keras-cv 0.9.0 is superseded by keras-hub, and gets no new releases of its own",
    ),
    "Python 3.10": (
        facts(whole("2.21.0", "3.10.13"), python="3.10.13"),
        "KE012 hint for Python 3.10 Keras ends with 3.12.4; a newer Python gets 3.15.1 for the same requirement",
    ),
    "tf.keras.saving": (
        facts(tf221(), project=around(mentions=(Mention("keras.saving", "tf.keras.saving.save", "/p/a.py", 9),))),
        "KE013 hint /p/a.py:9 says tf.keras.saving.save: tf.keras has no attribute saving with Keras 3",
    ),
    "a home that cannot be written": (
        facts(tf221(), keras_config=KerasConfig("/tmp/.keras/keras.json", "absent"), environment={"HOME": "/no"}),
        "PR008 hint /no cannot be written, so Keras keeps its configuration and downloads in /tmp/.keras",
    ),
    "an old Python": (
        facts(whole("1.15.5", "3.7.16"), python="3.7.16"),
        "PR010 hint Python 3.7 gets no more fixes of security since 2023-06-27",
    ),
    "an old TensorFlow": (
        facts(tf215()),
        "PR010 hint TensorFlow 2.15 got its last fix on 2024-03-08; the newest is 2.21.0",
    ),
}


@pytest.mark.parametrize("name", HINTS)
def test_what_is_worth_knowing_is_a_hint(name: str) -> None:
    one, expected = HINTS[name]
    assert expected in seen(one, hints=True)
