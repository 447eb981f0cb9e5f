# mypy: disable-error-code="import-untyped, import-not-found"
"""The computing child: fed on standard input to the examined interpreter (TensorFlow 2), tells every step."""

import json
import os

MARK = "tfkdoctor-child "
ANSWERS = os.dup(1)


def say(**facts):
    # type: (object) -> None
    os.write(ANSWERS, ("\n" + MARK + json.dumps(facts) + "\n").encode("ascii"))


def attempt(step, compute):
    # type: (str, object) -> None
    say(step=step)
    try:
        compute()  # type: ignore[operator]
        say(**{step: "ok"})
    except BaseException as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        say(**{step: type(error).__name__ + ": " + (lines[0] if lines else "")[:300]})


def main():
    # type: () -> None
    import tensorflow as tf

    say(device="GPU:0" if tf.config.list_physical_devices("GPU") else "CPU:0")
    attempt("kernel", lambda: tf.random.uniform([4]).numpy())
    compiled = tf.function(lambda x: x * 2 + tf.sin(x), jit_compile=True)
    attempt("compiled", lambda: compiled(tf.constant([1.0, 2.0])).numpy())
    say(done=True)


main()
