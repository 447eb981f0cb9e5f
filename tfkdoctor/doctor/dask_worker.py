"""What runs on a Dask worker: unpack the doctor into a scratch folder and let it examine the worker's Python.

Sent by value and with the standard library alone, so that workers need not have tfkdoctor.
"""


def probe(archive: bytes, deep: bool, timeout: float) -> str:
    """The facts of this worker as JSON; a text that begins with `!` says why there are none."""
    import io
    import subprocess
    import sys
    import tarfile
    import tempfile

    if sys.version_info < (3, 11):  # noqa: UP036  (the worker's Python, not the tool's)
        version = "%d.%d" % sys.version_info[:2]  # noqa: UP031
        return f"! its Python is {version}, and tfkdoctor needs 3.11 there: run `tfkdoctor facts` on that machine"
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\nfrom tfkdoctor.doctor.examine import gather\n"
        "facts = gather(sys.executable, deep=sys.argv[2] == '1', cwd=Path.cwd(), timeout=float(sys.argv[3]))\n"
        "sys.stdout.write(facts.to_json())\n"
    )
    with tempfile.TemporaryDirectory(prefix="tfkdoctor-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(folder, filter="data")
        command = [sys.executable, "-c", script, folder, str(int(deep)), str(timeout)]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=timeout + 60, check=False)
        except (OSError, subprocess.SubprocessError) as error:
            return f"! {error}"
        if ended.returncode != 0:
            said = ended.stderr.strip().splitlines() or [f"exit status {ended.returncode}"]
            return f"! {said[-1]}"
        return ended.stdout
