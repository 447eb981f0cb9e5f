"""Record what real TensorFlows print when something is wrong: the logs of `tests/data/logs`.

    python tools/record_logs.py [NAME…]        all of `recorded_cases.CASES`, or those whose name begins so

Each case runs a short program in one of the environments of the tests (or in a fresh one that is made for it in
`.logs/` by uv, with exactly the requirements that the case names), with other versions laid over it, environment
variables, a fake driver or local files, and keeps what it prints. Paths and host names are replaced. The messages of
rules/messages.toml are tested against these lines, and only against them.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

import environments  # noqa: E402
from recorded_cases import CASES, Case  # noqa: E402

LOGS = ROOT / "tests" / "data" / "logs"
MADE = Path(os.environ.get("TFKDOCTOR_LOGS_SCRATCH", ROOT / ".logs")).absolute()
FAKES = {"libcuda.so.1": "cuda.c", "libnvidia-ml.so.1": "nvml.c", "libcudnn.so.9": "cudnn.c"}
# What TensorFlow 2.21 opens beside cudart, in its order (dso_loader.cc with TF_CPP_MAX_VLOG_LEVEL=1).
CUDA_12 = (
    *("libcublas.so.12", "libcublasLt.so.12", "libcufft.so.11", "libcusolver.so.11", "libcusparse.so.12"),
    "libcudnn.so.9",
)


def main(names: list[str]) -> int:
    for case in CASES:
        if not names or case.name.startswith(tuple(names)):
            try:
                text = record(case)
            except (OSError, subprocess.CalledProcessError, environments.Unavailable) as error:
                print(f"{case.name}: {error}", file=sys.stderr, flush=True)
                continue
            (LOGS / f"{case.name}.log").write_text(text, "utf-8")
            print(f"{case.name}: {len(text.splitlines())} lines", flush=True)
    return 0


def record(case: Case) -> str:
    python = interpreter(case)
    with tempfile.TemporaryDirectory(prefix="log-") as folder:
        project = Path(folder) / "project"
        project.mkdir()
        for name, content in case.files.items():
            (project / name).write_text(content, "utf-8")
        (project / "train.py").write_text(case.code, "utf-8")
        env = variables(case, python, Path(folder))
        ended = subprocess.run(
            [python, "train.py"], cwd=project, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        text = ended.stdout.decode("utf-8", "replace")
        return cleaned(text, {str(project): "/home/me/project", str(python.parent.parent): "/home/me/venv", folder: ""})


def cleaned(text: str, paths: dict[str, str]) -> str:
    for path, said in paths.items():
        text = text.replace(path, said)
    text = text.replace(str(Path.home()), "/home/me").replace(socket.gethostname(), "node1")
    text = re.sub(r"/[^ \"':]*/over/[0-9a-z.,_-]+", "/home/me/venv/lib/python3/site-packages", text)
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("Epoch ") and "\x08" not in line
    )


def variables(case: Case, python: Path, folder: Path) -> dict[str, str]:
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    over = [str(overlay(case, python))] if case.over else []
    libraries = [str(fake_libraries(case, python))] if case.fake else []
    env |= {"PYTHONPATH": os.pathsep.join(over)} if over else {}
    env |= {"LD_LIBRARY_PATH": os.pathsep.join(libraries)} if libraries else {}
    return env | dict(case.env)


def interpreter(case: Case) -> Path:
    """The python of an environment of the tests, or of one that holds `case.requirements`."""
    if not case.requirements:
        return environments.ensure(environments.environment(case.environment))
    folder = MADE / re.sub(r"[^\w.]+", "_", case.environment + " " + " ".join(case.requirements))
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        base = environments.find_python(case.environment)
        subprocess.run(["uv", "venv", "-q", "-p", base, folder], check=True)
        subprocess.run(["uv", "pip", "install", "-q", "-p", folder / "bin" / "python", *case.requirements], check=True)
        (folder / ".complete").touch()
    return folder / "bin" / "python"


def overlay(case: Case, python: Path) -> Path:
    """A folder with other versions of some distributions, which comes before the environment on sys.path."""
    folder = MADE / "over" / re.sub(r"[^\w.]+", "_", " ".join((python.parent.parent.name, *case.over)))
    if not folder.exists():
        command = [str(python), "-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check"]
        if (python.parent / "pip").exists():
            subprocess.run([*command, "--target", str(folder), *case.over], check=True)
        else:
            uv = ["uv", "pip", "install", "-q", "--no-deps", "-p", str(python)]
            subprocess.run([*uv, "--target", folder, *case.over], check=True)
    return folder


def fake_libraries(case: Case, python: Path) -> Path:
    """A folder with the libraries that a case says are there; the driver is the fake of tests/fake_driver."""
    folder = MADE / "lib" / re.sub(r"\W+", "_", " ".join(case.fake))
    if folder.exists():
        return folder
    folder.mkdir(parents=True)
    for name in case.fake:
        target = folder / name
        if name == "cudart":
            wheel = MADE / "cudart"
            where = ["--target", str(wheel), "nvidia-cuda-runtime-cu12==12.5.82"]
            subprocess.run(["uv", "pip", "install", "-q", "--no-deps", "-p", str(python), *where], check=True)
            shutil.copy(next(wheel.glob("nvidia/cuda_runtime/lib/libcudart.so.12*")), folder / "libcudart.so.12")
        elif name == "cuda12":
            for soname in CUDA_12:
                compiled(folder / soname)
        else:
            compiled(target)
    return folder


def compiled(target: Path) -> None:
    """The fake library of that soname; one without a function where none is needed."""
    fake = FAKES.get(target.name)
    code = (ROOT / "tests" / "fake_driver" / fake).read_bytes() if fake else b"int nothing;"
    command = ["gcc", "-shared", "-fPIC", "-w", "-x", "c", "-", "-o", str(target), f"-Wl,-soname,{target.name}"]
    subprocess.run(command, input=code, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
