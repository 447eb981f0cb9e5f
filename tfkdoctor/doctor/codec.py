"""Facts as JSON values and back: frozen dataclasses, tuples, mappings of text, and `Unknown(reason)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Union, cast, get_args, get_origin, get_type_hints


class FactsError(ValueError):
    """A text that holds no facts, or facts of another schema; the message says which."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that could not be established, and why."""

    reason: str


def encode(value: object) -> object:
    """Plain JSON values of a fact; `Unknown` becomes {"unknown": reason}."""
    if isinstance(value, Unknown):
        return {"unknown": value.reason}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: encode(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [encode(one) for one in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value


def decode(kind: object, data: object, where: str) -> object:
    """The value of type `kind` that `encode` wrote; raises FactsError with the place that does not fit."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        options = get_args(kind)
        if isinstance(data, dict) and set(data) == {"unknown"} and Unknown in options:
            return Unknown(str(data["unknown"]))
        return decode(next(one for one in options if one is not Unknown), data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise FactsError(f"{where}: a list is expected")
        return tuple(decode(get_args(kind)[0], one, f"{where}[{number}]") for number, one in enumerate(data))
    if origin is not None:  # Mapping[str, str]
        if not isinstance(data, dict):
            raise FactsError(f"{where}: an object is expected")
        return {str(key): str(value) for key, value in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return decode_record(kind, data, where)
    if kind is float and isinstance(data, int):
        return float(data)
    if not isinstance(data, cast(type, kind)):
        raise FactsError(f"{where}: {getattr(kind, '__name__', kind)} is expected, not {type(data).__name__}")
    return data


def decode_record(kind: type, data: object, where: str) -> object:
    hints = get_type_hints(kind)
    if not isinstance(data, dict):
        raise FactsError(f"{where}: an object is expected")
    wrong = sorted(set(data) ^ set(hints))
    if wrong:
        raise FactsError(f"{where}: field {wrong[0]!r} is " + ("missing" if wrong[0] in hints else "unknown"))
    return kind(**{name: decode(hint, data[name], f"{where}.{name}") for name, hint in hints.items()})
