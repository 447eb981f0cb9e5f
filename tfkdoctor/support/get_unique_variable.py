# mypy: ignore-errors
"""`tf.contrib.framework.get_unique_variable`: the one variable of a name."""

from tfkdoctor.support.get_variables import get_variables


def get_unique_variable(var_op_name):
    """The variable with exactly this name, its scope included."""
    for candidate in get_variables(var_op_name):
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError(f"Couldn't find variable {var_op_name}")
