# mypy: ignore-errors
"""`tfe.Saver`: variables saved under their own names, as tf.train.Saver did; `tf.train.Checkpoint` saves objects."""

import tensorflow as tf


class EagerSaver:
    """Saves and restores a list of variables, or a dictionary of them by the names in the file."""

    def __init__(self, var_list):
        named = var_list if isinstance(var_list, dict) else {self._name(v): v for v in var_list}
        self._named = {name: v if isinstance(v, tf.Variable) else v.value for name, v in named.items()}

    @staticmethod
    def _name(v):
        return getattr(v, "path", v.name).partition(":")[0]

    def save(self, file_prefix, global_step=None):
        """Write the values; the path that `restore` takes."""
        step = global_step.numpy() if hasattr(global_step, "numpy") else global_step
        path = file_prefix if step is None else f"{file_prefix}-{int(step)}"
        names, values = list(self._named), [v.read_value() for v in self._named.values()]
        tf.raw_ops.SaveV2(prefix=path, tensor_names=names, shape_and_slices=[""] * len(names), tensors=values)
        return path

    def restore(self, file_prefix):
        """Read the values back."""
        reader = tf.train.load_checkpoint(file_prefix)
        for name, v in self._named.items():
            v.assign(reader.get_tensor(name))
