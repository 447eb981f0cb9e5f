"""Facts are saved and loaded whole; what is no facts is refused in one line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from doctor_values import H100, facts, whole, with_gpu

from tfkdoctor.doctor.facts import (
    Facts,
    FactsError,
    Imported,
    KerasConfig,
    Overlap,
    Shadow,
    Unknown,
    headline,
    import_lines,
)

ONE = replace(
    with_gpu(facts(whole("2.21.0", "3.11.7"), environment={"KERAS_BACKEND": "jäx"})),
    overlaps=(Overlap("/a", ("x", "y"), ""),),
    shadows=(Shadow("keras", "/project/keras.py", "the installed package"),),
    keras_config=KerasConfig("/k", "read", "jax", "float32", "channels_last"),
    imported=Imported("ok", "", 4.5, "2.21.0", devices=("CPU:0",), log=("a", "b")),
)


@pytest.mark.parametrize("one", [ONE, facts({}), replace(ONE, interpreter=Unknown("hangs"), gpus=Unknown("?"))])
def test_round_trip(one: Facts) -> None:
    assert Facts.from_json(one.to_json()) == one


def test_json_is_stable() -> None:
    assert Facts.from_json(ONE.to_json()).to_json() == ONE.to_json()


def changed(**values: object) -> str:
    return json.dumps({**json.loads(ONE.to_json()), **values})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "these are no facts of tfkdoctor: no schema number"),
        (changed(schema=7), "facts of schema 7; this tfkdoctor reads schema 1"),
        (changed(schema="1"), "facts of schema '1'; this tfkdoctor reads schema 1"),
        (changed(schema=True), "facts of schema True; this tfkdoctor reads schema 1"),
        (changed(surplus=1), "facts: field 'surplus' is unknown"),
        (changed(gpus="none"), "facts.gpus: a list is expected"),
        (changed(gpus=[{"index": 0}]), "facts.gpus[0]: field 'capability' is missing"),
        (changed(cwd=3), "facts.cwd: str is expected, not int"),
    ],
)
def test_what_is_no_facts_is_refused(text: str, message: str) -> None:
    with pytest.raises(FactsError) as error:
        Facts.from_json(text)
    assert str(error.value) == message


def test_headline_names_the_interpreter_first() -> None:
    assert headline(ONE) == (
        "Python: /env/bin/python (--python)",
        "CPython 3.11.7, 64 bit, Linux x86_64, glibc 2.36",
        "tensorflow 2.21.0, keras 3.15.1",
        f"GPU: NVIDIA H100 (compute capability {H100.capability}, 81559 MiB), driver 570.133.07",
        "import tensorflow: 2.21.0, 4.5 s",
        "devices: CPU:0",
    )


def test_headline_of_an_interpreter_that_does_not_answer() -> None:
    assert headline(replace(ONE, interpreter=Unknown("no answer within 5 s"))) == (
        "Python: /env/bin/python (--python)",
        "could not be examined: no answer within 5 s",
    )


def test_a_text_nested_too_deep_is_refused() -> None:
    with pytest.raises(FactsError):
        Facts.from_json('{"schema": 1, "gpus": ' + "[" * 100_000)


def test_the_head_of_a_deep_report_names_devices_and_what_was_not_found() -> None:
    imported = Imported(
        "ok",
        "",
        3.94,
        "2.21.0",
        keras_version="3.15.1",
        devices=("/physical_device:CPU:0",),
        not_loaded=("libcuda.so.1",),
    )
    assert import_lines(imported) == [
        "import tensorflow: 2.21.0, 3.9 s; tf.keras is Keras 3.15.1",
        "devices: CPU:0",
        "libraries that its loader did not find: libcuda.so.1",
    ]
    assert import_lines(Imported("signal", "SIGILL", 0.5)) == ["import tensorflow: signal after 0.5 s (SIGILL)"]
