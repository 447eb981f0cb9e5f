# mypy: ignore-errors
"""`tf.contrib.framework.assign_from_values_fn`: a function of a session that gives variables values."""

from tfkdoctor.support.assign_from_values import assign_from_values


def assign_from_values_fn(var_names_to_values):
    """A function that assigns these values in the session that it is given."""
    operation, feeds = assign_from_values(var_names_to_values)
    return lambda session: session.run(operation, feeds)
