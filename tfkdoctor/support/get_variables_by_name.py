# mypy: ignore-errors
"""`tf.contrib.framework.get_variables_by_name`: variables by the last part of their names."""

from tfkdoctor.support.get_variables import get_variables


def get_variables_by_name(given_name, scope=None):
    """The variables that were given this name, in whatever scope."""
    return get_variables(scope, f"/{given_name}:|^{given_name}:")
