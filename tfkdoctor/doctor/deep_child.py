# mypy: disable-error-code="import-untyped, import-not-found"
"""The deep child: fed on standard input to the examined interpreter, imports TensorFlow and says what it became.

Runs on Python 2.7 and 3.5+. It prints a line of JSON after each step, so that a crash shows how far it came.
"""

import json
import os
import sys
import time

MARK = "tfkdoctor-child "
START = time.time()
ANSWERS = os.dup(1)  # TensorFlow or what it imports may close or replace sys.stdout


def say(**facts):
    # type: (object) -> None
    facts["seconds"] = time.time() - START
    if sys.stdout:
        sys.stdout.flush()  # what was printed so far, maybe half a line, comes first
    os.write(ANSWERS, ("\n" + MARK + json.dumps(facts) + "\n").encode("ascii"))


def first_line(error):
    # type: (BaseException) -> str
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return type(error).__name__ + ": " + (lines[0] if lines else "")[:300]


def keras_facts(tf):
    # type: (object) -> dict[str, object]
    try:
        keras = tf.keras  # type: ignore[attr-defined]
        keras.layers.Dense  # noqa: B018  the lazy loader imports Keras on the first attribute
        module = getattr(keras, "__name__", "")
        return {"keras_module": module, "keras_version": str(getattr(keras, "__version__", ""))}
    except BaseException as error:
        return {"keras_error": first_line(error)}


def device_facts(tf):
    # type: (object) -> dict[str, object]
    try:
        if hasattr(tf, "config") and hasattr(tf.config, "list_physical_devices"):
            return {"devices": [device.name for device in tf.config.list_physical_devices()]}
        from tensorflow.python.client import device_lib

        return {"devices": [device.name for device in device_lib.list_local_devices()]}
    except BaseException as error:
        return {"devices_error": first_line(error)}


def main():
    # type: () -> None
    try:
        import tensorflow as tf
    except BaseException as error:
        say(error=first_line(error))
        return
    version = getattr(tf, "__version__", None) or ""
    say(version=str(version), file=str(getattr(tf, "__file__", None) or ""))
    if not version:
        say(error="tensorflow is an empty namespace: it has no __version__")
        return
    say(**keras_facts(tf))
    say(**device_facts(tf))
    say(done=True)


main()
