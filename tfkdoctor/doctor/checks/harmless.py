"""Lines of TensorFlow's log that alarm and mean nothing: GP031 to GP034 explain them (only with --deep)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.facts import Imported
from tfkdoctor.model import Evidence

LINES = {  # code -> (what the line has, what it means, what could be done)
    "GP031": (
        r"Unable to register cu\w+ factory|computation placer already registered",
        "two parts of TensorFlow register the same library; the second is passed over",
        "nothing to do; TensorFlow 2.20 and later are silent",
    ),
    "GP032": (
        r"NUMA node read from SysFS had negative value",
        "a virtual machine or WSL does not say which memory is near the card",
        "nothing to do",
    ),
    "GP033": (
        r"TF-TRT Warning: Could not find TensorRT",
        "TensorRT is an option of the builds up to 2.17, needed only for tf.experimental.tensorrt",
        "nothing to do",
    ),
    "GP034": (
        r"oneDNN custom operations are on|optimized to use available CPU instructions",
        "TensorFlow says which instructions it uses on the processor",
        "nothing to do; TF_ENABLE_ONEDNN_OPTS=0 only where sums must be equal to the last bit",
    ),
}


def explain(case: Case, code: str) -> Iterator[Found]:
    imported = case.facts.imported
    pattern, meaning, way = LINES[code]
    log = imported.log if isinstance(imported, Imported) else ()
    line = next((line for line in log if re.search(pattern, line)), "")
    if line:
        found = re.search(pattern, line)
        yield Found(
            f"harmless in the log: '{found[0] if found else line}': {meaning}",
            way,
            (Evidence("log", line, "TensorFlow"),),
        )


LOOKS: dict[str, Look] = {code: partial(explain, code=code) for code in LINES}
