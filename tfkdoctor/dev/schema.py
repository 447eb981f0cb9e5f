"""JSON Schemas (2020-12) of what tfkdoctor writes: facts, from their dataclasses, and the reports of `--format json`.

Written into rules/schema/ by `python -m tfkdoctor.dev.docs`; the tests hold real output against them.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tfkdoctor.doctor.codec import Unknown
from tfkdoctor.doctor.facts import SCHEMA as FACTS
from tfkdoctor.doctor.facts import Facts
from tfkdoctor.logs.messages import Weight
from tfkdoctor.model import Outcome, Safety, Severity
from tfkdoctor.report.json import SCHEMA as REPORT

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def texts() -> dict[str, str]:
    """File name in rules/schema -> its text."""
    schemas = {"facts.schema.json": facts_schema(), "report.schema.json": report_schema()}
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


# -- facts --


def facts_schema() -> Schema:
    """Every field is there, and none besides; one that may be unknown is {"unknown": reason} then."""
    found: dict[str, Schema] = {}
    root = of_type(Facts, found)
    schema = found.pop("Facts")
    schema["properties"]["schema"] = {"const": FACTS}
    assert root == {"$ref": "#/$defs/Facts"}
    found["Unknown"] = record({"unknown": {"type": "string"}}, closed=True)
    about = "Facts of one environment, as `tfkdoctor facts` and `tfkdoctor check --save` write them."
    return {"$schema": DIALECT, "title": "tfkdoctor facts", "description": about, **schema, "$defs": found}


def of_type(kind: Any, found: dict[str, Schema]) -> Schema:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return {"anyOf": [of_type(one, found) for one in get_args(kind)]}
    if origin is tuple:
        return {"type": "array", "items": of_type(get_args(kind)[0], found)}
    if origin is not None:  # Mapping[str, str]
        return {"type": "object", "additionalProperties": of_type(get_args(kind)[1], found)}
    if kind is Unknown:
        return {"$ref": "#/$defs/Unknown"}
    if isinstance(kind, type) and is_dataclass(kind):
        if kind.__name__ not in found:
            found[kind.__name__] = {}
            hints = get_type_hints(kind)
            properties = {one.name: of_type(hints[one.name], found) for one in fields(kind)}
            found[kind.__name__] = record(properties, closed=True)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    return {"type": {str: "string", bool: "boolean", int: "integer", float: "number"}[kind]}


# -- reports --

TEXT, WHOLE, NUMBER, FLAG = {"type": "string"}, {"type": "integer"}, {"type": "number"}, {"type": "boolean"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
PLACE: Schema = {"type": ["integer", "null"], "minimum": 1}


def record(properties: Schema, closed: bool = False, also: Schema | None = None) -> Schema:
    """An object that has all of these; `also` may be there; new keys may come, unless it is closed."""
    schema: Schema = {"type": "object", "properties": properties | (also or {}), "required": list(properties)}
    return schema | ({"additionalProperties": False} if closed else {})


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def report_schema() -> Schema:
    """One report of any command; `command` and what else is there tell which."""
    kinds = ("check", "cluster", "file", "files", "migrate", "smoke", "verify", "explain", "codes")
    about = "What `--format json` writes. New keys may come at any time; `schema` grows when one goes or changes."
    return {
        "$schema": DIALECT,
        "title": "tfkdoctor report",
        "description": about,
        "anyOf": [ref(kind) for kind in kinds],
        "$defs": parts() | {kind: globals()[f"{kind}_report"]() for kind in kinds},
    }


def parts() -> dict[str, Schema]:
    finding = record(
        {
            "code": {"type": "string", "pattern": "^[A-Z]{2,3}\\d{3}$"},
            "severity": {"enum": [one.value for one in Severity]},
            "message": TEXT,
            "help": TEXT,
            "path": MAYBE_TEXT,
            "line": PLACE,
            "column": PLACE,
            "end_line": PLACE,
            "end_column": PLACE,
            "name": TEXT,
            "fix": MAYBE_TEXT,
            "mended": FLAG,
            "evidence": array(record({"fact": TEXT, "value": TEXT, "where": TEXT})),
        }
    )
    advice = record(
        {
            "command": TEXT,
            "changes": array(TEXT),
            "why": TEXT,
            "alternative": {"anyOf": [ref("advice"), {"type": "null"}]},
        }
    )
    stage = record({"stage": TEXT, "device": TEXT, "ok": FLAG, "died": FLAG, "seconds": NUMBER, "detail": TEXT})
    return {
        "finding": finding,
        "findings": array(ref("finding")),
        "counts": record({"errors": WHOLE, "warnings": WHOLE, "hints": WHOLE}),
        "advice": advice,
        "tested": record(
            {
                "python": TEXT,
                "python_version": TEXT,
                "tensorflow": TEXT,
                "keras": TEXT,
                "seconds": NUMBER,
                "stages": array(stage),
                "steps": array(record({"device": TEXT, "seconds": NUMBER})),
                "findings": ref("findings"),
            }
        ),
    }


def head(command: str) -> Schema:
    return {
        "schema": {"const": REPORT},
        "tool": {"const": "tfkdoctor"},
        "version": TEXT,
        "command": {"const": command},
        "exit": {"enum": [0, 1]},
    }


def check_report() -> Schema:
    summary = record({"checked": WHOLE, "seconds": NUMBER, "errors": WHOLE, "warnings": WHOLE, "hints": WHOLE})
    advice = {"anyOf": [ref("advice"), {"type": "null"}]}
    facts = {"$ref": "facts.schema.json"}
    body = {"summary": summary, "findings": ref("findings"), "advice": advice, "facts": facts}
    return record(head("check") | body, also={"smoke": ref("tested"), "name": TEXT})


def cluster_report() -> Schema:
    """Several machines: what differs between them (`drift`), and the report of each (`nodes`)."""
    values = {"type": "object", "additionalProperties": TEXT}
    severity = {"enum": [one.value for one in Severity]}
    drift = record({"subject": TEXT, "code": TEXT, "severity": severity, "values": values})
    body = {
        "machines": array(TEXT),
        "groups": array(array(TEXT)),
        "drift": array(drift),
        "findings": ref("findings"),
        "nodes": array(ref("check")),
    }
    return record(head("check") | body)


def file_report() -> Schema:
    """A dependency file."""
    installs = record({"where": TEXT, "versions": {"type": "object", "additionalProperties": TEXT}})
    body = {"path": TEXT, "summary": ref("counts"), "installs": array(installs), "findings": ref("findings")}
    return record(head("check") | body | {"diffs": array(TEXT)})


def files_report() -> Schema:
    """Several dependency files, and facts among them."""
    return array({"anyOf": [ref("file"), ref("check")]})


def migrate_report() -> Schema:
    edit = record({"start": WHOLE, "end": WHOLE, "text": TEXT})
    fix = {"id": TEXT, "code": TEXT, "safety": {"enum": [one.value for one in Safety]}}
    fix |= {"requires": array(TEXT), "needs": array(TEXT), "edits": array(edit)}
    file = {"path": TEXT, "outcome": {"enum": [one.value for one in Outcome]}, "references": WHOLE, "rewritten": WHOLE}
    summary = {"scanned": WHOLE, "seconds": NUMBER, "references": WHOLE, "rewritten": WHOLE, "mended": WHOLE}
    fallback = record({"path": TEXT, "name": TEXT, "reason": TEXT, "program": FLAG})
    reasons = {"type": "object", "additionalProperties": WHOLE}
    compat = {"programs": WHOLE, "modules": WHOLE, "reasons": reasons, "fallbacks": array(fallback)}
    body = {
        "root": TEXT,
        "origin": record({"keras": TEXT, "tensorflow": TEXT, "reason": TEXT, "assumed": FLAG}),
        "target": record({"spec": TEXT, "reason": TEXT, "keras": TEXT}),
        "numerics": TEXT,
        "summary": record(summary | {"remaining": ref("counts"), "pending": array(TEXT), "written": array(TEXT)}),
        "support": array(TEXT),
        "compat": record(compat),
        "files": array(record(file | {"fixes": array(record(fix))})),
        "findings": ref("findings"),
    }
    return record(head("migrate") | body, also={"diffs": array(TEXT), "smoke": ref("tested")})


def smoke_report() -> Schema:
    return {"allOf": [record(head("smoke")), ref("tested")]}


def verify_report() -> Schema:
    """The original beside the migrated code: one entry of `scripts` for each program."""
    side = {"type": ["object", "null"]}
    script = record({"name": TEXT, "before": side, "now": side, "models": array({"type": "object"})})
    body = {"tolerance": NUMBER, "seconds": NUMBER, "scripts": array(script), "findings": ref("findings")}
    return record(head("verify") | body)


def explain_report() -> Schema:
    """A log; `verdict` is the place in `messages` of the line that matters."""
    message = record(
        {
            "name": MAYBE_TEXT,
            "severity": {"enum": [one.value for one in Weight]},
            "line": WHOLE,
            "last_line": WHOLE,
            "count": WHOLE,
            "text": TEXT,
            "means": TEXT,
            "do": TEXT,
            "codes": array(TEXT),
            "raised_in": TEXT,
            "migrate": TEXT,
            "proven": FLAG,
            "found": {"anyOf": [array(TEXT), {"type": "null"}]},
        }
    )
    body = {
        "log": record({"name": TEXT, "lines": WHOLE, "tensorflow": TEXT, "known_by": TEXT}),
        "verdict": {"type": ["integer", "null"]},
        "messages": array(message),
        "unknown": record({"count": WHOLE, "first": array(record({"line": WHOLE, "text": TEXT}))}),
    }
    return record(head("explain") | body)


def codes_report() -> Schema:
    row = record({"code": TEXT, "name": TEXT, "grade": TEXT, "summary": TEXT})
    return record({"schema": {"const": REPORT}, "codes": array(row)})
