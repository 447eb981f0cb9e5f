# mypy: ignore-errors
"""`tf.contrib.learn.ModeKeys`: three names. Strings of the program's own would remove it."""


class LearnModeKeys:
    """What a model is built for."""

    TRAIN, EVAL, INFER = "train", "eval", "infer"
