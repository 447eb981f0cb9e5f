"""How a function, class or method of the API index is called."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `kind` is positional, standard, keyword, varargs or kwargs; `default` is source text."""

    name: str
    kind: str
    default: str | None = None  # None: required (or varargs, kwargs)


@dataclass(frozen=True, slots=True)
class Signature:
    """How something is called; self and cls are never among the parameters."""

    parameters: tuple[Parameter, ...]
    extra: frozenset[str] = frozenset()  # names that **kwargs accepts
    swallows: bool = False  # unknown keywords are silently ignored (else they raise)
    opaque: bool = False  # **kwargs goes where the source does not show: any keyword may be right
    ignored: frozenset[str] = frozenset()  # of `extra`: accepted and dropped (`decay` of a Keras 3 optimizer)
    fails: bool = False  # every call raises: removed in this way (`optimizers.legacy.SGD` of Keras 3), or abstract

    def accepts(self, name: str) -> bool:
        """Whether a keyword of this name means something here; where **kwargs is opaque, every one may."""
        named = any(p.name == name and p.kind in ("standard", "keyword") for p in self.parameters)
        return named or name in self.extra or self.opaque

    def position(self, index: int) -> Parameter | None:
        """The parameter that takes the positional argument `index` (the varargs one for all that are beyond)."""
        plain = [p for p in self.parameters if p.kind in ("positional", "standard")]
        if index < len(plain):
            return plain[index]
        return next((p for p in self.parameters if p.kind == "varargs"), None)

    def required(self) -> tuple[str, ...]:
        """Names of the parameters that a call must give."""
        return tuple(p.name for p in self.parameters if p.default is None and p.kind not in ("varargs", "kwargs"))


@lru_cache(maxsize=4096)
def signature_of(text: str) -> Signature | None:
    """Parse a signature as the index writes it; None for an empty text (unknown)."""
    if not text:
        return None
    end = text.rindex(")") + 1
    arguments = ast.parse(f"def f{text[:end]}: ...").body[0]
    assert isinstance(arguments, ast.FunctionDef)
    extra, ignored, flags = frozenset[str](), frozenset[str](), set[str]()
    for word in text[end:].split():
        if word.startswith("+"):
            extra = frozenset(word[1:].split(","))
        elif word.startswith("-"):
            ignored = frozenset(word[1:].split(","))
        else:
            flags.add(word)
    parameters = parameters_of(arguments.args)
    return Signature(parameters, extra, "swallows" in flags, "opaque" in flags, ignored, "fails" in flags)


def parameters_of(arguments: ast.arguments) -> tuple[Parameter, ...]:
    """The parameters that a parsed signature states, self and cls among them if they are written there."""
    plain = [(a.arg, "positional") for a in arguments.posonlyargs] + [(a.arg, "standard") for a in arguments.args]
    given = [ast.unparse(default) for default in arguments.defaults]
    defaults: list[str | None] = [None] * (len(plain) - len(given)) + [*given]
    found = [Parameter(name, kind, default) for (name, kind), default in zip(plain, defaults, strict=True)]
    if arguments.vararg:
        found.append(Parameter(arguments.vararg.arg, "varargs"))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(Parameter(argument.arg, "keyword", None if default is None else ast.unparse(default)))
    if arguments.kwarg:
        found.append(Parameter(arguments.kwarg.arg, "kwargs"))
    return tuple(found)


def same_default(first: str | None, second: str | None) -> bool:
    """Whether two defaults, given as source text, are the same value."""
    if first == second:
        return True
    if first is None or second is None:
        return False
    try:
        one, two = ast.literal_eval(first), ast.literal_eval(second)
    except (ValueError, SyntaxError):
        return first.rpartition(".")[2] == second.rpartition(".")[2] and not first[:1].isdigit()
    if isinstance(one, tuple | list) and isinstance(two, tuple | list):
        return list(one) == list(two)
    return bool(one == two and isinstance(one, bool) == isinstance(two, bool))
