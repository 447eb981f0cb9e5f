"""`[tool.tfkdoctor]` of the nearest pyproject.toml, and how the command line goes before it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import click

from tfkdoctor.model import Numerics, Settings

TomlValue = str | bool | int | tuple[str, ...] | Mapping[str, Mapping[str, object]]
Kind = Literal["text", "flag", "number", "list", "calls"]

# What may stand in the table: key -> (kind, values that are allowed; empty: any).
KEYS: Mapping[str, tuple[Kind, tuple[str, ...]]] = {
    "target": ("text", ()),
    "keras": ("text", ("3", "legacy")),
    "source": ("list", ()),
    "numerics": ("text", tuple(one.value for one in Numerics)),
    "support": ("flag", ()),
    "support-name": ("text", ()),
    "tf1": ("text", ("auto", "native", "compat")),
    "unsafe": ("flag", ()),
    "select": ("list", ()),
    "ignore": ("list", ()),
    "exclude": ("list", ()),
    "jobs": ("number", ()),
    "python": ("text", ()),
    "smoke": ("calls", ()),  # how `--validate models` calls what builds models
}
_EXPECTED: Mapping[Kind, str] = {
    "text": "a string",
    "flag": "true or false",
    "number": "a whole number, 0 or more",
    "list": "a list of strings",
    "calls": 'a table of tables, such as "model.py:build" = {classes = 10}',
}


class ConfigError(click.ClickException):
    """A configuration that cannot be meant; the text names the file and the key."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Config:
    """What pyproject.toml says: the keys that stand there; `path` is None where no table was found."""

    path: Path | None = None
    values: Mapping[str, TomlValue] = field(default_factory=dict)

    def codes(self, key: str, of_code: bool) -> tuple[str, ...]:
        """What `select` or `ignore` says of rules (`of_code`) or of environment checks; one table serves both."""
        value = self.values.get(key, ())
        return tuple(code for code in value if code.startswith("T") is of_code) if isinstance(value, tuple) else ()

    @property
    def python(self) -> str | None:
        """The interpreter to examine; a relative path with a folder in it counts from pyproject.toml."""
        value = self.values.get("python")
        if not isinstance(value, str) or self.path is None:
            return None
        return str(self.path.parent / value) if len(Path(value).parts) > 1 else value


def load_config(start: Path) -> Config:
    """Read the table of the nearest pyproject.toml that has one, from `start` (a folder or a file) upwards.

    Raises ConfigError for a file that is no TOML and for a key or a value that is unknown. A pyproject.toml without
    the table (a package in a larger repository) does not end the search.
    """
    folder = start if start.is_dir() else start.parent
    for directory in (folder, *folder.parents):
        path = directory / "pyproject.toml"
        if not path.is_file():
            continue
        try:
            document = tomllib.loads(path.read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read: {error}") from None
        tool = document.get("tool", {})
        if isinstance(tool, dict) and "tfkdoctor" in tool:
            return Config(path, read_table(path, tool["tfkdoctor"]))
    return Config()


def read_table(path: Path, table: object) -> dict[str, TomlValue]:
    """Check every key of the table."""
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: [tool.tfkdoctor] must be a table")
    return {str(key): read_value(path, str(key), value) for key, value in table.items()}


def read_value(path: Path, key: str, value: object) -> TomlValue:
    where = f"{path}: [tool.tfkdoctor] {key}"
    if key not in KEYS:
        near = difflib.get_close_matches(key.replace("_", "-").lower(), KEYS, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(sorted(KEYS))}"
        raise ConfigError(f"{where}: unknown key{meant}")
    kind, allowed = KEYS[key]
    if kind == "list" and isinstance(value, str):
        value = [value]  # one code or one requirement needs no brackets
    match kind, value:
        case "text", str():
            if allowed and value not in allowed:
                raise ConfigError(f"{where}: {value!r} is none of {', '.join(allowed)}")
            return value
        case "flag", bool():
            return value
        case "number", int() if not isinstance(value, bool) and value >= 0:
            return value
        case "list", list() if all(isinstance(item, str) for item in value):
            return tuple(value)
        case "calls", dict() if all(isinstance(item, dict) for item in value.values()):
            return {str(name): dict(item) for name, item in value.items()}
    raise ConfigError(f"{where}: must be {_EXPECTED[kind]}, not {value!r}")


def make_settings(config: Config, chosen: Mapping[str, TomlValue | None]) -> Settings:
    """Defaults, then configuration, then what was `chosen` on the command line (None: nothing)."""
    merged: dict[str, TomlValue] = dict(config.values)
    merged |= {key: value for key, value in chosen.items() if value is not None and value != ()}
    for own in ("python", "smoke"):
        merged.pop(own, None)
    for key in ("select", "ignore"):
        merged[key] = tuple_of(chosen.get(key)) or config.codes(key, of_code=True)
    fields = {key.replace("-", "_"): value for key, value in merged.items()}
    if "numerics" in fields:
        fields["numerics"] = Numerics(str(fields["numerics"]))
    return replace(Settings(), **fields)  # type: ignore[arg-type]  # each value was checked against KEYS


def tuple_of(value: TomlValue | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
