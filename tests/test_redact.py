"""`--redact`: nothing of the person or the machine is left in what is shown or saved."""

from __future__ import annotations

import getpass
import json
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from doctor_values import facts, interpreter, seen, whole
from hypothesis import given, settings
from hypothesis import strategies as st

from tfkdoctor.cli import run
from tfkdoctor.doctor.facts import Distribution, Facts, Imported, KerasConfig, Library, Patient, Shadow
from tfkdoctor.doctor.redact import COMMON, Redactor, redactor

NAMES = st.from_regex(r"[a-z][a-z0-9]{2,11}(?:[._-][a-z0-9]{1,8})?", fullmatch=True).filter(
    lambda name: not any(name == word or name in word for word in (*COMMON, "host1", "host2", "user"))
)
HOMES = st.sampled_from(["/home/{}", "/Users/{}", "/export/home/{}", "C:\\Users\\{}", "/data/people/{}"])


def of_person(user: str, home: str, host: str) -> Facts:
    """Facts that hold a person's home folder, name and machine wherever facts can hold them."""
    slash = "\\" if "\\" in home else "/"
    python = slash.join((home, "venv", "bin", "python"))
    site = slash.join((home, "venv", "site-packages"))
    config = {"cluster": {"worker": [f"{host}:2222", "other:1"]}, "task": {"type": "worker", "index": 0}}
    environment = {
        "HOME": home,
        "LD_LIBRARY_PATH": f"/scratch/{user}/cuda:{site}",
        "TF_CONFIG": json.dumps(config),
        "KERAS_HOME": f"{home}{slash}.keras",
    }
    one = facts({"tensorflow": "2.15.1"}, environment=environment)
    return replace(
        one,
        patient=Patient(python, "--python"),
        interpreter=interpreter(executable=python, prefix=home, path=(site, f"/opt/{user}"), environment=environment),
        distributions=(Distribution("tensorflow", "2.15.1", site, ()),),
        shadows=(Shadow("keras", f"{home}{slash}work{slash}keras.py", "the installed package"),),
        keras_config=KerasConfig(f"{home}/.keras/keras.json", "invalid", problem=f"cannot read {home}/x"),
        libraries=(Library("libcudart.so.12", f"/scratch/{user}/cuda/libcudart.so.12", "LD_LIBRARY_PATH"),),
        imported=Imported(
            "error", f"OSError: {home}/a of {user}_env on {host}", 1.0, log=(f"host {host}: {user}@{host}",)
        ),
        cwd=f"{home}{slash}work",
    )


@settings(max_examples=150, deadline=None)
@given(user=NAMES, pattern=HOMES, host=NAMES)
def test_nothing_of_the_person_is_left(user: str, pattern: str, host: str) -> None:
    home = pattern.format(user)
    text = redactor([of_person(user, home, host)]).facts(of_person(user, home, host)).to_json()
    plain = of_person("#", pattern.format("#"), "#").to_json()  # "kag" stands in site-packages
    assert user not in text or user in plain
    assert host not in text or host in plain
    assert home not in text


@settings(max_examples=100, deadline=None)
@given(user=NAMES, pattern=HOMES, host=NAMES)
def test_redacting_twice_changes_nothing(user: str, pattern: str, host: str) -> None:
    one = redactor([of_person(user, pattern.format(user), host)])
    once = one.facts(of_person(user, pattern.format(user), host))
    assert one.facts(once) == once
    assert redactor([once]).facts(once) == once


def test_the_checks_say_the_same_of_redacted_facts() -> None:
    for one in (
        facts(whole("2.16.2", "3.11")),
        facts({"tensorflow": "2.14.0", "numpy": "2.0.2"}),
        of_person("zelda", "/home/zelda", "hyrule"),
    ):
        codes = [line.split()[0] for line in seen(one, hints=True)]
        assert [line.split()[0] for line in seen(redactor([one]).facts(one), hints=True)] == codes


def test_what_stays() -> None:
    one = Redactor(homes=("/home/link",), users=("link",), hosts=("hyrule",))
    said = one.text("python 3.11 in /home/link/venv/bin/python, linked by link on hyrule, not /home/linked/x; linkage")
    assert said == "python 3.11 in ~/venv/bin/python, linked by <user> on host1, not /home/<user>/x; linkage"
    assert one.text("C:\\Users\\Link\\x and c:/users/zelda/y") == "C:\\Users\\<user>\\x and c:/users/<user>/y"


@pytest.mark.parametrize("command", ["check", "facts"])
@pytest.mark.parametrize("format_", ["text", "json", "html", "sarif", "github"])
def test_the_commands(
    command: str, format_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "zelda"
    (home / "hyrule-castle").mkdir(parents=True)
    monkeypatch.chdir(home / "hyrule-castle")
    (home / "hyrule-castle" / "keras.py").touch()
    for name, value in (("HOME", str(home)), ("USER", "zelda"), ("LOGNAME", "zelda"), ("HOSTNAME", "hyrule")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(socket, "gethostname", lambda: "hyrule.nintendo.example")
    assert getpass.getuser() == "zelda"
    arguments = ["facts"] if command == "facts" else ["check", "--format", format_, "--save", "saved.json"]
    assert run([*arguments, "--python", sys.executable, "--redact"]) in (0, 1)
    said = capsys.readouterr().out
    if command == "check":
        said += Path("saved.json").read_text("utf-8")
        assert json.loads(Path("saved.json").read_text("utf-8"))["schema"] == 1
    for name in ("zelda", "hyrule", "nintendo", str(home)):
        assert name not in said.lower()
    assert "~" in said
