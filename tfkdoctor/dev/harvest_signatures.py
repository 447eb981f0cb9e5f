"""Signatures of functions and classes as their source states them: parameters, method resolution order, methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tfkdoctor.dev.harvest_names import FunctionNode, Names, Thing
from tfkdoctor.dev.harvest_tree import only_raises
from tfkdoctor.validate.signatures import Parameter, parameters_of


@dataclass(frozen=True, slots=True)
class Extra:
    """What happens to keywords that only `**kwargs` catches."""

    names: frozenset[str] = frozenset()  # accepted
    ignored: frozenset[str] = frozenset()  # of these: accepted, then dropped
    swallows: bool = False  # unknown ones vanish silently
    opaque: bool = False  # they go where the source does not show


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameters without self/cls, and what `**kwargs` takes."""

    parameters: tuple[Parameter, ...]
    extra: Extra = Extra()
    fails: bool = False  # the body only raises: what was removed in this way, or is abstract

    def names(self) -> frozenset[str]:
        return frozenset(p.name for p in self.parameters if p.kind in ("standard", "keyword"))


@dataclass(frozen=True, slots=True)
class Method:
    """A public method or property as a class body defines it."""

    name: str
    kind: str  # method | property
    signature: Signature | None


@dataclass(slots=True)
class Signatures:
    """Reads signatures over one tree of names."""

    names: Names
    _mro: dict[str, list[Thing] | None] = field(default_factory=dict)
    _known: dict[tuple[str, int], Signature | None] = field(default_factory=dict)

    def of(self, thing: Thing) -> Signature | None:
        """How the thing is called; None where the source does not tell (C code, protobuf, instances)."""
        if thing.kind == "function" and isinstance(thing.node, FunctionNode):
            return _bound(self.function(thing.module, thing.node, None), thing)
        if thing.kind == "class" and isinstance(thing.node, ast.ClassDef):
            return _bound(self.constructor(thing), thing)
        return None

    def function(self, module: str, node: FunctionNode, owner: Thing | None) -> Signature:
        """Signature of a function's syntax tree; `owner` is its class where it is a method."""
        key = (f"{module}:{owner.qualname if owner else ''}", id(node))
        known = self._known.get(key)
        if known is not None:
            return known
        parameters = parameters_of(node.args)
        if owner is not None and not _decorated(node, "staticmethod"):
            parameters = parameters[1:] if parameters and parameters[0].kind != "varargs" else parameters
        fails = not isinstance(node, ast.Lambda) and bool(only_raises(node))
        signature = Signature(parameters, fails=fails)
        self._known[key] = signature  # what a recursive call sees
        if node.args.kwarg is not None:
            from tfkdoctor.dev.harvest_kwargs import extra_of

            signature = extra_of(self, module, node, owner, signature)
        self._known[key] = signature
        return signature

    def constructor(self, cls: Thing) -> Signature | None:
        """How a class is called: the first `__init__` (or `__new__` that takes named things) of its ancestors."""
        lines = self.mro(cls)
        if lines is None:
            return None
        for ancestor in lines:
            if ancestor.kind == "constant":
                return Signature(tuple(Parameter(name, "standard") for name in fields_of(ancestor.node)))
            if ancestor.kind != "class":
                return EXTERNAL.get(ancestor.module)
            for name in ("__init__", "__new__"):
                node = method_node(ancestor, name)
                if node is not None and not (name == "__new__" and node.args.vararg and node.args.kwarg):
                    return self.function(ancestor.module, node, replace(cls, kind="class"))
            if fields := _dataclass_fields(ancestor):
                return Signature(fields)
        return Signature(())

    def bases(self, cls: Thing) -> list[Thing]:
        """The direct bases; an unknown one is an external thing."""
        if not isinstance(cls.node, ast.ClassDef):
            return []
        found = []
        for base in cls.node.bases:
            if isinstance(base, ast.Subscript):  # Generic[T]
                base = base.value
            thing = self.names.dotted(cls.module, base)
            if thing is None and isinstance(base, ast.Call):
                thing = self._called_base(cls, base)
            if thing is not None and thing.kind == "constant" and isinstance(thing.node, ast.Call):
                thing = self._called_base(cls, thing.node) or thing
            thing = thing or Thing("external", f"builtins.{ast.unparse(base)}")
            if thing.module not in ("builtins.object", "six.moves.object"):  # the root of all: no place in the order
                found.append(thing)
        return found

    def _called_base(self, cls: Thing, call: ast.Call) -> Thing | None:
        if fields_of(call):
            return Thing("constant", cls.module, f"{cls.qualname}.<fields>", call)
        if ast.unparse(call.func).endswith("with_metaclass") and len(call.args) > 1:
            return self.names.dotted(cls.module, call.args[1])
        if ast.unparse(call.func).endswith("with_metaclass"):
            return Thing("external", "builtins.object")
        return None

    def mro(self, cls: Thing) -> list[Thing] | None:
        """The class and its ancestors in resolution order; None where bases are in conflict."""
        key = cls.identity
        if key not in self._mro:
            self._mro[key] = None  # a cycle has no order
            bases = self.bases(cls)
            chains = [self.mro(base) if base.kind == "class" else [base] for base in bases]
            if all(chain is not None for chain in chains):
                merged = _merge([list(chain) for chain in chains if chain] + [bases])
                self._mro[key] = None if merged is None else [cls, *merged]
        return self._mro[key]

    def methods(self, cls: Thing) -> Iterator[Method]:
        """Public methods and properties of a class body, `__call__` included, each once."""
        if not isinstance(cls.node, ast.ClassDef):
            return
        found: dict[str, Method] = {}
        for node in _class_body(cls.node.body):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if node.name.startswith("_") and node.name != "__call__":
                    continue
                if any(
                    "property" in name or name.endswith(".setter") for name in map(ast.unparse, node.decorator_list)
                ):
                    found[node.name] = Method(node.name, "property", None)
                else:
                    found[node.name] = Method(node.name, "method", self.function(cls.module, node, cls))
            elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if not name.startswith("_"):
                    found[name] = self._class_attribute(cls, name, node.value, found)
        yield from found.values()

    def _class_attribute(self, cls: Thing, name: str, value: ast.expr, found: dict[str, Method]) -> Method:
        if isinstance(value, ast.Name) and value.id in found:  # another name for a method: `apply = __call__`
            return replace(found[value.id], name=name)
        if isinstance(value, ast.Call) and ast.unparse(value.func) == "property":
            return Method(name, "property", None)
        thing = self.names.dotted(cls.module, value)
        if thing is not None and thing.kind == "function" and isinstance(thing.node, FunctionNode):
            return Method(name, "method", self.function(thing.module, thing.node, cls))
        return Method(name, "property", None)


def method_node(cls: Thing, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The last definition of a method in a class body."""
    found = None
    if isinstance(cls.node, ast.ClassDef):
        for node in _class_body(cls.node.body):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                found = node
    return found


def _class_body(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _class_body(node.body)
        else:
            yield node


def _bound(signature: Signature | None, thing: Thing) -> Signature | None:
    """Apply what functools.partial has already given, and make a raw op's parameters keywords."""
    if signature is None:
        return None
    count, given = thing.bound[0], dict(thing.bound[1])
    parameters: tuple[Parameter, ...] = ()
    after = False  # what follows a given keyword can no longer be given by position
    for parameter in signature.parameters[count:]:
        after |= parameter.name in given
        kind = "keyword" if after and parameter.kind == "standard" else parameter.kind
        parameters += (replace(parameter, kind=kind, default=given.get(parameter.name, parameter.default)),)
    if thing.keyword_only:
        parameters = tuple(replace(p, kind="keyword") for p in parameters)
    return replace(signature, parameters=parameters)


def _decorated(node: FunctionNode, name: str) -> bool:
    return any(ast.unparse(d).rpartition(".")[2] == name for d in getattr(node, "decorator_list", ()))


def fields_of(node: ast.AST | None) -> list[str]:
    """The field names of a `namedtuple("X", …)` or `NamedTuple("X", …)` call, where they are literals."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2].lower() != "namedtuple":
        return []
    if len(node.args) < 2:
        return []
    try:
        fields = ast.literal_eval(node.args[1])
    except ValueError:
        return [
            ast.unparse(e.elts[0]).strip("'") for e in getattr(node.args[1], "elts", ()) if isinstance(e, ast.Tuple)
        ]
    if isinstance(fields, str):
        return fields.replace(",", " ").split()
    return [f if isinstance(f, str) else f[0] for f in fields]


def _dataclass_fields(cls: Thing) -> tuple[Parameter, ...]:
    """The parameters that @dataclass, attr.s or typing.NamedTuple derive from annotated fields."""
    node = cls.node
    if not isinstance(node, ast.ClassDef):
        return ()
    derived = any("dataclass" in ast.unparse(d) or "attr.s" in ast.unparse(d) for d in node.decorator_list)
    if not derived and not any(ast.unparse(base).endswith("NamedTuple") for base in node.bases):
        return ()
    return tuple(
        Parameter(item.target.id, "standard", None if item.value is None else ast.unparse(item.value))
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    )


def _merge(chains: list[list[Thing]]) -> list[Thing] | None:
    """The C3 merge of linearizations."""
    merged: list[Thing] = []
    chains = [list(chain) for chain in chains if chain]
    while chains:
        tails = {thing.identity for chain in chains for thing in chain[1:]}
        head = next((chain[0] for chain in chains if chain[0].identity not in tails), None)
        if head is None:
            return None
        merged.append(head)
        chains = [[t for t in chain if t.identity != head.identity] for chain in chains]
        chains = [chain for chain in chains if chain]
    return merged


# Bases outside the tree whose constructor is known. Other external bases leave the constructor unknown.
EXTERNAL: dict[str, Signature] = {
    "abc.ABC": Signature(()),
    "typing.Generic": Signature(()),
    "typing.Protocol": Signature(()),
    "enum.Enum": Signature((Parameter("value", "standard"),)),
    "enum.IntEnum": Signature((Parameter("value", "standard"),)),
    "threading.local": Signature(()),
}
