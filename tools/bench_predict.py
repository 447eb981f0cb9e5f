"""What a step costs that asks a small model for one prediction: `predict()` beside what TFK349 offers instead (T32).

    python tools/bench_predict.py --python ENV/bin/python [--legacy-python OLD/bin/python] [--steps 100] [--repeat 3]

Each way is taken in turn, in one process of the interpreter, and the fastest loop counts. `ratio` is the time of
`predict()` divided by that of the way; the legacy interpreter shows what `predict()` cost in its own time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# Python 3.6 with Keras 2 runs this too.
PROGRAM = """
import json, sys, time
import numpy as np
try:
    from tensorflow import keras
    int(keras.__version__.split(".")[0]) >= 3 or sys.exit("no Keras 3")
    modern = True
except (ImportError, AttributeError, SystemExit):
    import keras
    modern = False
steps, repeat = map(int, sys.argv[1:])
model = keras.models.Sequential()
model.add(keras.layers.Dense(24, activation="relu", input_shape=(4,)))
model.add(keras.layers.Dense(24, activation="relu"))
model.add(keras.layers.Dense(2))
model.compile("sgd", "mse")
state = np.ones((1, 4), "float32")
ways = {"model.predict(x)": (lambda: model.predict(state, verbose=0)) if modern else (lambda: model.predict(state))}
ways["model.predict_on_batch(x)"] = lambda: model.predict_on_batch(state)
if modern:
    ways["model(x, training=False)"] = lambda: model(state, training=False).numpy()
best = dict.fromkeys(ways, float("inf"))
for way in ways.values():
    way()
for _ in range(repeat):
    for name, way in ways.items():
        started = time.time()
        for _ in range(steps):
            way()
        best[name] = min(best[name], (time.time() - started) / steps)
print("TIMES", json.dumps([("Keras " + keras.__version__, name, seconds) for name, seconds in best.items()]))
"""


def times(python: Path, steps: int, repeat: int) -> list[tuple[str, str, float]]:
    """(Keras, way, seconds per call) as an interpreter measures them; raises `RuntimeError` with its last words."""
    command = [str(python), "-c", PROGRAM, str(steps), str(repeat)]
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)
    found = [line for line in ended.stdout.splitlines() if line.startswith("TIMES ")]
    if ended.returncode or not found:
        said = (ended.stderr or ended.stdout).strip().splitlines() or ["nothing said"]
        raise RuntimeError(f"{python}: exit {ended.returncode}: {said[-1]}")
    return [(str(keras), str(way), float(seconds)) for keras, way, seconds in json.loads(found[-1][6:])]


def table(rows: Sequence[tuple[str, str, float]]) -> str:
    """One line per way, with the ratio to `predict()` of the same Keras."""
    predict = {keras: seconds for keras, way, seconds in rows if way == "model.predict(x)"}
    lines = [f"{'':14} {'way':26} {'ms per call':>11} {'ratio':>7}"]
    lines += [f"{keras:14} {way:26} {1000 * s:11.3f} {predict[keras] / s:7.1f}" for keras, way, s in rows]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, required=True, help="an interpreter with TensorFlow 2.16 or later")
    parser.add_argument("--legacy-python", type=Path, help="one with Keras 2, to compare with")
    parser.add_argument("--steps", type=int, default=100, help="calls per loop (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="loops per way (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        rows = [
            row for p in (options.python, options.legacy_python) if p for row in times(p, options.steps, options.repeat)
        ]
    except (OSError, RuntimeError) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
