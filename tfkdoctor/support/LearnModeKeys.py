# mypy: ignore-errors
"""`tf.contrib.learn.ModeKeys`: whether a model trains, is measured, or infers. Plain strings do the same."""


class LearnModeKeys:
    """`tf.contrib.learn.ModeKeys`."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"
