"""What a program reads: the whole report of one migration, key by key."""

from __future__ import annotations

import json

from report_values import BY_HAND, PATH, RUN

from tfkdoctor import __version__
from tfkdoctor.report.json import dump, finding_json, migration_json
from tfkdoctor.report.verdict import judge


def test_the_report_of_a_migration() -> None:
    report = json.loads(dump(migration_json(RUN, judge(RUN), 1, ["--- a\n"], None)))
    findings = report.pop("findings")
    assert report == {
        "schema": 1,
        "tool": "tfkdoctor",
        "version": __version__,
        "command": "migrate",
        "exit": 1,
        "root": ".",
        "origin": {
            "keras": "2.2.5",
            "tensorflow": "1.15.5",
            "reason": "no dependency file states a version",
            "assumed": True,
        },
        "target": {"spec": "tensorflow>=2.16", "reason": "the newest known TensorFlow", "keras": "tf.keras"},
        "numerics": "keep",
        "summary": {
            "scanned": 14,
            "seconds": 0.314,
            "references": 5,
            "rewritten": 3,
            "mended": 2,
            "remaining": {"errors": 1, "warnings": 0, "hints": 1},
            "pending": [PATH],
            "written": [],
        },
        "support": [],
        "compat": {"programs": 0, "modules": 0, "reasons": {}, "fallbacks": []},
        "files": [
            {
                "path": PATH,
                "outcome": "changed",
                "references": 5,
                "rewritten": 3,
                "fixes": [
                    {
                        "id": "src/train.py:TFK101:1",
                        "code": "TFK101",
                        "safety": "safe",
                        "requires": [],
                        "needs": [],
                        "edits": [
                            {"start": 5, "end": 22, "text": "tensorflow.keras.layers"},
                            {"start": 41, "end": 53, "text": "tensorflow.keras.models"},
                        ],
                    },
                    {
                        "id": "src/train.py:TFK401:4",
                        "code": "TFK401",
                        "safety": "safe",
                        "requires": ["src/train.py:TFK101:1"],
                        "needs": [],
                        "edits": [
                            {"start": 79, "end": 92, "text": "fit"},
                            {"start": 98, "end": 115, "text": "steps_per_epoch"},
                        ],
                    },
                ],
            },
            {"path": "src/other.py", "outcome": "clean", "references": 0, "rewritten": 0, "fixes": []},
        ],
        "diffs": ["--- a\n"],
    }
    assert [(f["code"], f["line"], f["mended"]) for f in findings] == [
        ("TFK005", None, False),
        ("TFK402", 5, False),
        ("TFK101", 1, True),
        ("TFK401", 4, True),
    ]


def test_one_finding() -> None:
    assert finding_json(BY_HAND) == {
        "code": "TFK402",
        "severity": "error",
        "message": BY_HAND.message,
        "help": BY_HAND.help,
        "path": PATH,
        "line": 5,
        "column": 1,
        "end_line": 5,
        "end_column": 23,
        "name": "",
        "fix": None,
        "mended": False,
        "evidence": [{"fact": "receiver", "value": "unknown", "where": "src/train.py:5"}],
    }


def test_paths_and_messages_keep_their_characters() -> None:
    assert dump({"message": "`é` → ✗"}) == '{\n  "message": "`é` → ✗"\n}'
