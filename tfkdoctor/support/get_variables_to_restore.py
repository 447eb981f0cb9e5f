# mypy: ignore-errors
"""`tf.contrib.framework.get_variables_to_restore`: variables of some scopes without those of others."""

from tfkdoctor.support.get_variables import get_variables


def get_variables_to_restore(include=None, exclude=None):
    """The variables of the scopes in `include` (None: all) that are in none of `exclude`."""
    for given, what in ((include, "include"), (exclude, "exclude")):
        if given is not None and not isinstance(given, list | tuple):
            raise TypeError(f"{what} is provided but is not a list or a tuple.")
    wanted = get_variables() if include is None else [v for scope in include for v in get_variables(scope)]
    others = {v.name for scope in exclude or () for v in get_variables(scope)}
    return [v for v in wanted if v.name not in others]
