# mypy: ignore-errors
"""`tf.contrib.training.HParams`: named hyperparameters that keep their types and can be parsed from a string.

contrib went with TensorFlow 2. Where nothing is parsed, `types.SimpleNamespace` or a dataclass does the same.
"""

import json
import numbers
import re


class HParams:
    """Hyperparameters as attributes; `parse("rate=0.1,sizes=[8,16]")` gives those that exist new values."""

    def __init__(self, hparam_def=None, model_structure=None, **kwargs):
        if hparam_def is not None:
            raise ValueError("hyperparameters as a protocol buffer went with tf.contrib; give them as keywords")
        self._hparam_types = {}
        self._model_structure = model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name, value):
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        several = isinstance(value, list | tuple)
        if several and not value:
            raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
        self._hparam_types[name] = (type(value[0] if several else value), several)
        setattr(self, name, value)

    def set_hparam(self, name, value):
        kind, several = self._hparam_types[name]
        if several != isinstance(value, list):
            raise ValueError(f"Must {'pass' if several else 'not pass'} a list for this parameter: {name}")
        cast = [_as_type(name, kind, v) for v in value] if several else _as_type(name, kind, value)
        setattr(self, name, cast)

    def del_hparam(self, name):
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values):
        return self.override_from_dict(_parsed(values, {n: kind for n, (kind, _) in self._hparam_types.items()}, self))

    def override_from_dict(self, values_dict):
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def set_from_map(self, values_map):
        return self.override_from_dict(values_map)

    def set_model_structure(self, model_structure):
        self._model_structure = model_structure

    def get_model_structure(self):
        return self._model_structure

    def to_json(self, indent=None, separators=None, sort_keys=False):
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def parse_json(self, values_json):
        return self.override_from_dict(json.loads(values_json))

    def values(self):
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key, default=None):
        return getattr(self, key) if key in self._hparam_types else default

    def __contains__(self, key):
        return key in self._hparam_types

    def __str__(self):
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self):
        return f"{type(self).__name__}({sorted(self.values().items())})"


_CLAUSE = re.compile(
    r"(?P<name>[a-zA-Z][\w.]*)(\[\s*(?P<index>\d+)\s*\])?\s*=\s*((?P<one>[^,\[]*)|\[(?P<many>[^\]]*)\])($|,\s*)"
)


def _parsed(text, kinds, whole):
    """`a=1,b=[1,2],c[0]=3` as a dictionary; an indexed clause gives the list of `whole` with that element changed."""
    found, position = {}, 0
    while position < len(text):
        clause = _CLAUSE.match(text, position)
        if clause is None:
            raise ValueError(f"Malformed hyperparameter value: {text[position:]}")
        position = clause.end()
        name, index = clause["name"], clause["index"]
        if name not in kinds:
            raise ValueError(f"Unknown hyperparameter type for {name}")
        if name in found and index is None:
            raise ValueError(f"Multiple assignments to variable '{name}' in {text}")
        if clause["many"] is not None:
            found[name] = [_read(name, kinds[name], v, text) for v in re.split("[ ,]", clause["many"]) if v]
        elif index is not None:
            found.setdefault(name, list(getattr(whole, name)))[int(index)] = _read(
                name, kinds[name], clause["one"], text
            )
        else:
            found[name] = _read(name, kinds[name], clause["one"], text)
    return found


def _read(name, kind, text, whole):
    try:
        if kind is bool:
            return text in ("true", "True") if text in ("true", "True", "false", "False") else bool(int(text))
        return kind(text)
    except ValueError:
        of = f"'{name}' of type '{kind.__name__}'"
        raise ValueError(f"Could not parse hparam {of} with value '{text}' in {whole}") from None


def _as_type(name, kind, value):
    """The value as the type that the hyperparameter has, where that loses nothing but its form."""
    if type(value) is kind or kind is type(None):
        return value
    text = issubclass(kind, str | bytes) and not isinstance(value, str | bytes)
    whole = issubclass(kind, numbers.Integral) and not isinstance(value, numbers.Integral)
    number = issubclass(kind, numbers.Number) and not isinstance(value, numbers.Number)
    if text or whole or number or issubclass(kind, bool) != isinstance(value, bool):
        raise ValueError(f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}")
    return kind(value)
