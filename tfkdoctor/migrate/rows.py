"""Which rows of the rules speak of a call, and which old defaults it relies on."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from functools import partial

from tfkdoctor import homes
from tfkdoctor.migrate.arguments import Argument, holds, renamed_in_place
from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.endings import endings
from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.model import Numerics
from tfkdoctor.rulebook import Row
from tfkdoctor.validate import index
from tfkdoctor.validate.signatures import same_default

_RUNS = frozenset(
    [
        ".fit",
        ".fit_generator",
        ".train_on_batch",
        ".predict",
        ".predict_generator",
        ".predict_on_batch",
        ".predict_classes",
        ".predict_proba",
        ".evaluate",
        ".evaluate_generator",
        ".test_on_batch",
        ".load_weights",
    ]
)

_ABOUT_PLACES = ("symbolic", "step")  # conditions that symbolic.py answers


def choose_rows(context: Context, rows: Sequence[Row], arguments: Sequence[Argument], scope: Scope) -> list[Row]:
    """Within each code the first row whose conditions hold; of codes that would give one argument two values, none."""
    if not rows:
        return []
    ints = {a.index: is_int(a.node, scope) for a in arguments}
    texts = partial(endings, scope=scope, names=context.survey.names)
    chosen: dict[str, list[Row]] = {}
    for row in rows:
        wanted = row.numerics in ("any", context.settings.numerics.value)
        when = {name: condition for name, condition in row.when.items() if condition not in _ABOUT_PLACES}
        fits = wanted and holds(when, arguments, ints, texts) and not _ruled_out(context, row)
        fits = fits and (len(when) == len(row.when) or _is_symbolic(context, row, arguments))
        if fits and (row.code not in chosen or row.code == "TFK307"):
            chosen.setdefault(row.code, []).append(row)
    return [row for group in chosen.values() for row in group]


def _is_symbolic(context: Context, row: Row, arguments: Sequence[Argument]) -> bool:
    """Whether the arguments that must be symbolic tensors are; `*` stands for any of them.

    `step` asks for a call in what runs at each step: in the `call` of a layer, a Lambda, a loss, a metric.
    """
    if "step" in row.when.values():
        return any(context.symbols.functions.is_of_step(a.node) for a in arguments)
    wanted = {name for name, condition in row.when.items() if condition == "symbolic"}
    found = {a.name for a in arguments if (a.name in wanted or "*" in wanted) and context.symbols.holds(a.node)}
    return bool(found) if "*" in wanted else found == wanted


def _ruled_out(context: Context, row: Row) -> bool:
    """Whether the program uses a name that the row cannot stand beside, or none that it needs."""
    if row.unless and uses(context, row.unless):
        return True
    if "global_clipnorm" in row.args and context.keras2_optimizers and not context.facts.is_standalone(context.path):
        return True  # tf.keras of TensorFlow 1 clipped each gradient by itself, as Keras 3 does
    return bool(row.beside) and not uses(context, row.beside)


def uses(context: Context, wanted: Sequence[str]) -> bool:
    """Whether the program uses one of these names, or one of these methods or attributes (`.fit`).

    "library" stands for a program that neither trains nor predicts: others may do either with its models.
    """
    used = {name.removeprefix("tensorflow.") for name in context.facts.program_names(context.path)}
    leaves = {leaf(w) for w in wanted}  # `keras.layers.embeddings.Embedding` is another path of the same
    methods = {f".{name}" for name in context.facts.program_methods(context.path)}
    if not methods & _RUNS:
        methods = methods | {"library"}
    by_leaf = any(leaf(name) in leaves and leaf(name)[:1].isupper() for name in used)
    return by_leaf or bool(methods & set(wanted)) or any(n == w or n.startswith(w + ".") for n in used for w in wanted)


def leaf(name: str) -> str:
    """The last part of a dotted name."""
    return name.rpartition(".")[2]


def silent_row(context: Context, name: str) -> Row | None:
    """A row about calls of this name without which they would run and mean something else."""
    home = context.knowledge.home(name)
    signatures = context.knowledge.target_signatures(home.name) if home is not None else ()
    own = {p.name for s in signatures for p in s.parameters}  # `input_shape=` comes through **kwargs, never by position
    positional = [
        r
        for r in context.knowledge.rows_about("calls", name)
        if any(t.count("{") > 1 and new in own for new, t in r.args.items())
    ]
    positional = [r for r in positional if not any("@" in t for t in r.args.values())]
    defaults = [r for r in context.knowledge.rows_about("defaults", name) if r.keep and r.arg not in ("*", "pool_size")]
    kept = [] if context.settings.numerics is Numerics.MODERN else defaults
    return next((r for r in (*positional, *kept)), None)


def old_defaults(
    context: Context,
    about: str,
    arguments: Sequence[Argument],
    origin: index.Signature | None,
    targets: Sequence[index.Signature],
    rows: Sequence[Row],
    also: Sequence[Row] = (),
) -> Mapping[str, tuple[str, str]]:
    """Parameters that the call leaves to a default which has changed: target name -> (code, old value)."""
    if origin is None or context.settings.numerics is Numerics.MODERN:
        return {}
    if any(a.keyword is None and (a.name is None or isinstance(a.node, ast.Starred)) for a in arguments):
        return {}
    if any(a.keyword is None and a.index >= len(_positionals(arguments)) for a in arguments):
        return {}  # **kwargs may hold them
    given = {a.name for a in arguments}
    renames = {**homes.old_arguments(about).names, **_argument_renames(context, about)}
    renames |= {_only_hole(text): new for row in also for new, text in row.args.items() if _only_hole(text)}
    made = {name for row in rows for name in row.args}
    found = {}
    for parameter in origin.parameters:
        if parameter.name in given or parameter.default is None or parameter.kind in ("varargs", "kwargs"):
            continue
        name = renames.get(parameter.name, parameter.name)
        if name in given or (name in made and any(r.args.get(name, "") for r in rows if _makes(r, name, given))):
            continue
        news = [p.default for t in targets for p in t.parameters if p.name == name]
        if len(news) != len(targets) or all(same_default(parameter.default, new) for new in news):
            continue
        decided = _default_row(context, about, name)
        if decided is not None and decided.keep:
            text = decided.map.get(parameter.default, parameter.default)
            found[name] = (decided.code, text)
    return found


def _makes(row: Row, name: str, given: set[str | None]) -> bool:
    """Whether a row's template for this argument finds what it needs in the call."""
    return all(hole in given for hole in re.findall(r"\{(\w+)\}", row.args.get(name, "{?}")))


def order_of(
    context: Context,
    about: str,
    origin: index.Signature | None,
    targets: Sequence[index.Signature],
    rows: Sequence[Row],
) -> tuple[str, ...]:
    """What the target calls the origin's positional parameters, in their order."""
    renames = {**homes.old_arguments(about).names, **_argument_renames(context, about)}
    renames |= renamed_in_place(origin, targets)
    renames |= {_only_hole(text): new for row in rows for new, text in row.args.items() if _only_hole(text)}
    parameters = origin.parameters if origin is not None else ()
    return tuple(renames.get(p.name, p.name) for p in parameters if p.kind in ("positional", "standard"))


def _positionals(arguments: Sequence[Argument]) -> list[Argument]:
    return [a for a in arguments if a.keyword is None and a.name is not None]


def _only_hole(text: str) -> str:
    return text[1:-1] if text.startswith("{") and text.endswith("}") and text.count("{") == 1 else ""


def _argument_renames(context: Context, name: str) -> dict[str, str]:
    renames = {}
    for row in context.knowledge.rows_about("calls", name):
        for new, text in row.args.items():
            if _only_hole(text):
                renames[_only_hole(text)] = new
    return renames


def _default_row(context: Context, about: str, argument: str) -> Row | None:
    rows = [r for r in context.knowledge.rows_about("defaults", about) if r.arg in (argument, "*")]
    return rows[0] if rows else None


def is_int(node: ast.expr, scope: Scope, depth: int = 0) -> bool | None:
    """Whether an argument is a whole number: by its literal, or by the only value of its name; None: cannot be told."""
    if depth > 8:  # `size = size * 2` is made of itself
        return None
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and not isinstance(node.value, bool)
    if isinstance(node, ast.Tuple | ast.List | ast.Dict | ast.JoinedStr):
        return False
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Mult | ast.Add | ast.Sub):
        left, right = is_int(node.left, scope, depth + 1), is_int(node.right, scope, depth + 1)
        return True if left and right else None
    if isinstance(node, ast.Name):
        bindings = lookup(scope, node.id)
        values = [b.value for b in bindings]
        if bindings and all(v is not None for v in values):
            known = {is_int(v, scope, depth + 1) for v in values if v is not None and not isinstance(v, ast.Name)}
            return known.pop() if len(known) == 1 and all(not isinstance(v, ast.Name) for v in values) else None
    return None


def rename_in_place(
    arguments: Sequence[Argument],
    origin: index.Signature | None,
    targets: Sequence[index.Signature],
    rows: Sequence[Row],
) -> None:
    renames = renamed_in_place(origin, targets)
    ruled = {hole for row in rows for text in row.args.values() for hole in re.findall(r"\{(\w+)\}", text)}
    for argument in arguments:
        if argument.name in renames and argument.name not in ruled:
            argument.name = renames[argument.name]
