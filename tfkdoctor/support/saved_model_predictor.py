# mypy: ignore-errors
"""`tf.contrib.predictor`: an exported model as a function of arrays. contrib went with TensorFlow 2.

tf.saved_model.load(folder).signatures["serving_default"] would remove it.
"""

import tensorflow.compat.v1 as tf1


class saved_model_predictor:
    """`tf.contrib.predictor.from_saved_model`: called with a dictionary of inputs, it gives one of outputs."""

    def __init__(
        self,
        export_dir,
        signature_def_key=None,
        signature_def=None,
        input_names=None,
        output_names=None,
        tags=None,
        graph=None,
        config=None,
    ):
        if (input_names is None) != (output_names is None):
            raise ValueError("input_names and output_names must both be specified or both be unspecified.")
        self.graph = graph or tf1.Graph()
        with self.graph.as_default():
            self.session = tf1.Session(config=config)
            meta = tf1.saved_model.loader.load(self.session, (tags or "serve").split(","), export_dir)
        if input_names is None:
            key = signature_def_key or "serving_default"
            if signature_def is None and key not in meta.signature_def:
                raise ValueError(f'Got signature_def_key "{key}". Available signatures are {list(meta.signature_def)}.')
            signature = signature_def or meta.signature_def[key]
            input_names = {name: info.name for name, info in signature.inputs.items()}
            output_names = {name: info.name for name, info in signature.outputs.items()}
        self.feed_tensors = {name: self.graph.get_tensor_by_name(one) for name, one in input_names.items()}
        self.fetch_tensors = {name: self.graph.get_tensor_by_name(one) for name, one in output_names.items()}

    def __call__(self, input_dict):
        unknown = set(input_dict) - set(self.feed_tensors)
        if unknown:
            raise ValueError(f"Got unexpected keys in input_dict: {unknown}\nexpected: {set(self.feed_tensors)}")
        fed = {self.feed_tensors[name]: value for name, value in input_dict.items() if value is not None}
        return self.session.run(self.fetch_tensors, feed_dict=fed)
