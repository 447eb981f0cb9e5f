# mypy: ignore-errors
"""`tf.estimator.export`: what an exported model takes and gives. Estimators left TensorFlow with 2.16."""

import collections

import tensorflow.compat.v1 as tf1


class ExportOutput:
    """`tf.estimator.export.ExportOutput`, the base of what a signature of an exported model gives."""

    def as_signature_def(self, receiver_tensors):
        raise NotImplementedError


class ClassificationOutput(ExportOutput):
    """`tf.estimator.export.ClassificationOutput`: classes, their scores, or both."""

    def __init__(self, scores=None, classes=None):
        if scores is None and classes is None:
            raise ValueError("scores and classes cannot both be None")
        self.scores, self.classes = scores, classes

    def as_signature_def(self, receiver_tensors):
        return tf1.saved_model.classification_signature_def(
            _only_string(receiver_tensors, "Classification"), self.classes, self.scores
        )


class RegressionOutput(ExportOutput):
    """`tf.estimator.export.RegressionOutput`: a number for each example."""

    def __init__(self, value):
        self.value = value

    def as_signature_def(self, receiver_tensors):
        return tf1.saved_model.regression_signature_def(_only_string(receiver_tensors, "Regression"), self.value)


class PredictOutput(ExportOutput):
    """`tf.estimator.export.PredictOutput`: tensors by name."""

    def __init__(self, outputs):
        self.outputs = outputs if isinstance(outputs, dict) else {"output": outputs}

    def as_signature_def(self, receiver_tensors):
        return tf1.saved_model.predict_signature_def(receiver_tensors, self.outputs)


_RECEIVER = ("features", "receiver_tensors", "receiver_tensors_alternatives")


class ServingInputReceiver(collections.namedtuple("ServingInputReceiver", _RECEIVER)):
    """`tf.estimator.export.ServingInputReceiver`: features of the model, and the tensors that are fed for them."""

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        features = features if isinstance(features, dict) else {"feature": features}
        receiver_tensors = receiver_tensors if isinstance(receiver_tensors, dict) else {"input": receiver_tensors}
        return super().__new__(cls, features, receiver_tensors, receiver_tensors_alternatives)


class TensorServingInputReceiver(collections.namedtuple("TensorServingInputReceiver", _RECEIVER)):
    """`tf.estimator.export.TensorServingInputReceiver`: for a model whose features are one tensor."""

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        receiver_tensors = receiver_tensors if isinstance(receiver_tensors, dict) else {"input": receiver_tensors}
        return super().__new__(cls, features, receiver_tensors, receiver_tensors_alternatives)


def build_parsing_serving_input_receiver_fn(feature_spec, default_batch_size=None):
    """`tf.estimator.export.build_parsing_serving_input_receiver_fn`: serialized tf.Example protos are fed."""

    def serving_input_receiver_fn():
        examples = tf1.placeholder(tf1.string, [default_batch_size], name="input_example_tensor")
        return ServingInputReceiver(tf1.parse_example(examples, feature_spec), {"examples": examples})

    return serving_input_receiver_fn


def build_raw_serving_input_receiver_fn(features, default_batch_size=None):
    """`tf.estimator.export.build_raw_serving_input_receiver_fn`: the features themselves are fed."""

    def serving_input_receiver_fn():
        fed = {
            name: tf1.placeholder(
                tensor.dtype,
                tf1.TensorShape([default_batch_size]).concatenate(tensor.shape[1:]),
                name=getattr(getattr(tensor, "op", None), "name", None),
            )
            for name, tensor in features.items()
        }
        return ServingInputReceiver(fed, dict(fed))

    return serving_input_receiver_fn


def _checked_export_outputs(outputs, predictions):
    """The signatures of a model, one of them the default."""
    default = "serving_default"
    outputs = {default: PredictOutput(predictions)} if outputs is None else outputs
    for value in outputs.values():
        if not hasattr(value, "as_signature_def"):
            raise TypeError(f"Values in export_outputs must be ExportOutput objects, received: {value}")
    if len(outputs) == 1:
        outputs.setdefault(default, *outputs.values())
    elif default not in outputs:
        raise ValueError(f"None of several export_outputs is the default: give one the key {default!r}")
    return outputs


def _export_signatures(receiver, outputs):
    """Signature -> definition, for each output that can be computed from what is fed in the form that it asks for."""
    alternatives = receiver.receiver_tensors_alternatives or {}
    found = {}
    for prefix, tensors in [("", receiver.receiver_tensors), *((f"{name}:", t) for name, t in alternatives.items())]:
        tensors = tensors if isinstance(tensors, dict) else {"input": tensors}
        for name, output in outputs.items():
            try:
                found[f"{prefix}{name or 'None'}"] = output.as_signature_def(tensors)
            except ValueError as reason:
                tf1.logging.info("%s%s is excluded from the export: %s", prefix, name, reason)
    return {name: signature for name, signature in found.items() if tf1.saved_model.is_valid_signature(signature)}


def _only_string(receiver_tensors, kind):
    """What is fed to a signature of tf.Example protos."""
    (examples, *others) = receiver_tensors.values()
    if others or examples.dtype != tf1.string:
        raise ValueError(f"{kind} input must be a single string Tensor; got {receiver_tensors}")
    return examples
