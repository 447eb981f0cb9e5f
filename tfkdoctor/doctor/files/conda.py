"""Read environment.yml: conda's packages, the pip section, and the Python among them.

Source: https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html (`numpy=1.19` is 1.19.*)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from packaging.requirements import InvalidRequirement
from packaging.utils import canonicalize_name

from tfkdoctor.doctor.files.declared import (
    CONDA,
    ITEM,
    Manifest,
    Pin,
    Setting,
    Unreadable,
    is_specifier,
    mended_requirement,
    pin_of,
    problem,
    read_text,
)
from tfkdoctor.doctor.files.requirements import INCLUDE, NO_NAME, collect
from tfkdoctor.model import Finding

SPEC = re.compile(r"^(?:[\w./-]+::)?(?P<name>[A-Za-z_][\w.-]*?)\s*(?P<spec>\[.*|[<>=!~ ].*)?$")
ALIASES = {"tensorflow-gpu": "tensorflow", "tensorflow-mkl": "tensorflow", "tensorflow-base": "tensorflow"}
ALIASES |= {
    "tensorflow-cpu": "tensorflow",
    "tensorflow-eigen": "tensorflow",
    "keras-gpu": "keras",
    "keras-base": "keras",
}


def read_environment(path: Path) -> Manifest:
    """The one setting of an environment file; raises Unreadable for what is no YAML."""
    text = read_text(path)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise Unreadable(str(path), f"is no YAML: {words}", mark.line + 1 if mark else 0) from None
    texts, findings = {str(path): text}, list[Finding]()
    items = child(root, "dependencies")
    pins: list[Pin] = []
    for node in items.value if isinstance(items, yaml.SequenceNode) else ():
        if isinstance(node, yaml.ScalarNode):
            pins += conda_pins(node.value, str(path), node.start_mark.line + 1, scalar_at(node), findings)
        elif isinstance(section := child(node, "pip"), yaml.SequenceNode):
            for one in section.value:
                if isinstance(one, yaml.ScalarNode):
                    pins += pip_pins(path, one, texts, findings)
    python = next((pin for pin in pins if pin.name == "python"), None)
    kept = tuple(pin for pin in pins if pin.name != "python")
    setting = Setting("", kept, python.specifier if python else "", python.text if python and python.specifier else "")
    return Manifest(str(path), (setting,), texts, tuple(findings))


def child(node: object, key: str) -> yaml.Node | None:
    """The value of a key of a mapping."""
    rows = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in rows if getattr(name, "value", None) == key), None)


def scalar_at(node: yaml.ScalarNode) -> int:
    """Where the text of a scalar begins, behind its quote."""
    return int(node.start_mark.index) + (1 if node.style in ("'", '"') else 0)


def pip_pins(path: Path, node: yaml.ScalarNode, texts: dict[str, str], findings: list[Finding]) -> Iterator[Pin]:
    """An item of the pip section: a requirement, or the file of requirements that it names."""
    line = node.start_mark.line + 1
    if include := INCLUDE.match(node.value):
        try:
            yield from collect(path.parent / include["file"].strip(), texts, findings, constraint=bool(include["c"]))
        except Unreadable as error:
            findings.append(problem(str(path), f"includes {include['file']}, which {error}", line))
        return
    if NO_NAME.search(node.value):
        return
    try:
        pin = pin_of(node.value, str(path), line, ITEM, scalar_at(node))
    except InvalidRequirement:
        meant = mended_requirement(node.value)
        findings.append(
            problem(str(path), f"{node.value!r} is no requirement of pip", line, meant and f"write {meant}")
        )
        return
    if pin:
        yield pin


def conda_pins(
    written: str, path: str, line: int, at: int | None, findings: list[Finding], form: str = CONDA
) -> Iterator[Pin]:
    """A match specification of conda as a pin; its build string is passed over."""
    found = SPEC.match(written.split(" #")[0].strip())
    if found is None:
        return
    spec = specifier(found["spec"] or "")
    if spec is None:
        findings.append(problem(path, f"{written!r} is no package specification of conda", line))
        return
    name = canonicalize_name(found["name"])
    start, end = found.span("spec") if found["spec"] else (found.end("name"), found.end("name"))
    yield Pin(
        name=ALIASES.get(name, name),
        specifier=spec,
        path=path,
        line=line,
        text=written,
        form=form,
        name_at=(at + found.start("name"), at + found.end("name")) if at is not None else None,
        spec_at=(at + start, at + end) if at is not None else None,
        conda=True,
    )


def specifier(written: str) -> str | None:
    """A version of conda as PEP 440; "" for any and for what `|` unites, None for what is none."""
    text = written.strip()
    if text.startswith("["):
        named = re.search(r"version\s*=\s*['\"]?([^'\",\]]+)", text)
        text = named[1] if named else ""
    if not text or "|" in text or text in ("*", "=*"):
        return ""
    if plain := re.match(r"^(?P<sign>={0,2})\s*(?P<version>\d[\w.*+!]*)(?:\s*=\s*\S+|\s+\S+)?$", text):
        version = plain["version"]
        exact = plain["sign"] != "=" or "*" in version or text.count("=") > 1
        text = f"=={version}" if exact else f"=={version}.*"
        text = re.sub(r"(?<=\d)\*$", ".*", text)  # `1.19*`
        return text if is_specifier(text) else None
    text = re.sub(r"\s+", "", text)
    text = re.sub(r"(?<![<>=!~])=(?!=)", "==", text)
    return text if is_specifier(text) else None
