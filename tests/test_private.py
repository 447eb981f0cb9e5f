"""The private modules that are said to be there still: imported in the newest TensorFlow."""

from __future__ import annotations

import environments
import pytest
from conftest import usable
from environments import NEWEST

from tfkdoctor import knowledge

NAMES = [
    name
    for rule in knowledge.load_rules()
    if rule.code == "TFK795"
    for row in rule.rows
    for name in row.of
    if "*" not in name
]
USED = ["client.device_lib.list_local_devices", "client.timeline.Timeline", "tools.freeze_graph.freeze_graph"]
USED += ["tools.inspect_checkpoint.print_tensors_in_checkpoint_file", "debug.LocalCLIDebugWrapperSession"]
USED += ["tools.optimize_for_inference_lib.optimize_for_inference"]


@pytest.mark.environment
def test_they_can_be_imported() -> None:
    program = f"""
import importlib
for name in {NAMES!r}:
    importlib.import_module(name)
for name in {USED!r}:
    module, _, leaf = ("tensorflow.python." + name).rpartition(".")
    getattr(importlib.import_module(module), leaf)
print("RESULT", len({NAMES!r}))
"""
    ended = environments.run_many(usable(NEWEST), {"private": program})["private"]
    assert ended.status == 0, ended.stderr[-3000:]
    assert ended.stdout.split() == ["RESULT", str(len(NAMES))]
    assert len(NAMES) > 5
