# mypy: ignore-errors
"""`slim.filter_variables` (tf.contrib.framework's too); a list comprehension would remove it."""

import re


def filter_variables(var_list, include_patterns=None, exclude_patterns=None, reg_search=True):
    """Those of the variables whose names fit one of some regular expressions, and none of others."""
    matches = re.search if reg_search else re.match

    def fits(variable, patterns):
        return any(matches(pattern, variable.name) for pattern in patterns)

    kept = [v for v in var_list if include_patterns is None or fits(v, include_patterns)]
    return [v for v in kept if exclude_patterns is None or not fits(v, exclude_patterns)]
