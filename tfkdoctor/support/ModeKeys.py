# mypy: ignore-errors
"""`tf.estimator.ModeKeys`: what a model function is asked for. Estimators left TensorFlow with 2.16."""


class ModeKeys:
    """`tf.estimator.ModeKeys`."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"
