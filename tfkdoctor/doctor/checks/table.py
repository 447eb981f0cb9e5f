"""A check of the compat table itself: whether it knows the installed TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.compat import parse
from tfkdoctor.model import Evidence


def newer(case: Case) -> Iterator[Found]:
    known, here = case.table.tensorflow[-1], parse(case.version)
    if case.tensorflow is None or here is None or case.release is not None:
        return
    last = parse(known.version)
    evidence = (installed(case.tensorflow), Evidence("newest known", known.version, f"released {known.released}"))
    if last and here > last:
        yield Found(
            f"TensorFlow {case.version} is newer than all that this tfkdoctor knows (up to {known.version}): what it "
            "needs of CUDA, and what it really bears, is not judged",
            "upgrade tfkdoctor; in a checkout of it: make harvest",
            evidence,
        )
    else:
        yield Found(
            f"TensorFlow {case.version} is no release that was made: only its own metadata is judged",
            "nothing, if you built it yourself",
            evidence,
        )


LOOKS: dict[str, Look] = {"PY018": newer}
