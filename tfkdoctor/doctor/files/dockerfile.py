"""Read a Dockerfile: its stages, their base images, and what pip and conda install there.

Source: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.requirements import InvalidRequirement

from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.files import conda
from tfkdoctor.doctor.files.declared import (
    SHELL,
    Manifest,
    Pin,
    Setting,
    Unreadable,
    pin_of,
    problem,
    read_text,
    span_of,
)
from tfkdoctor.doctor.files.docker_text import commands, instructions, is_pip
from tfkdoctor.doctor.files.images import DRIFT, image_pin, over_image
from tfkdoctor.doctor.files.requirements import collect
from tfkdoctor.model import Finding, Severity

INSTRUCTION = re.compile(r"^\s*(?P<word>[A-Za-z]+)\s+(?P<rest>.*)$", re.DOTALL)
KNOWN = frozenset(
    [
        "FROM",
        "RUN",
        "CMD",
        "LABEL",
        "EXPOSE",
        "ENV",
        "ADD",
        "COPY",
        "ENTRYPOINT",
        "VOLUME",
        "USER",
        "WORKDIR",
        "ARG",
        "ONBUILD",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "SHELL",
        "MAINTAINER",
    ]
)
VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<default>[^}]*))?\}|(?P<name>\w+))")
PYTHON_IMAGE = re.compile(
    r"(?:^|/)(?:python|devcontainers/python|pypy):(?:[\d.]+-)??(?P<version>\d+\.\d+)(?P<rest>[\w.-]*)"
)
WITH_VALUE = {
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
}
WITH_VALUE |= {
    "-t",
    "--target",
    "--prefix",
    "--root",
    "--timeout",
    "--retries",
    "--trusted-host",
    "--python",
    "-p",
    "-n",
}
WITH_VALUE |= {
    "--name",
    "--channel",
    "--file",
    "--prefix",
    "--platform",
    "--python-version",
    "--progress-bar",
    "--proxy",
}
CONDAS = ("conda", "mamba", "micromamba")


@dataclass
class Stage:
    """One FROM and what is installed after it; `values` are ARG and ENV."""

    name: str
    image: str
    line: int
    pins: list[Pin] = field(default_factory=list)
    python: str = ""
    python_said: str = ""
    musl: bool = False
    upgraded: set[str] = field(default_factory=set)  # what `pip install -U` moves


@dataclass
class Reading:
    path: Path
    text: str
    texts: dict[str, str]
    findings: list[Finding] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


def read_dockerfile(path: Path) -> Manifest:
    """A setting for each stage; a stage that stands on another has what that one has."""
    text = read_text(path)
    reading = Reading(path, text, {str(path): text})
    for line, at, words in instructions(text):
        found = INSTRUCTION.match(words)
        word = found["word"].upper() if found else ""
        if word not in KNOWN or found is None:
            raise Unreadable(
                str(path), f"is no Dockerfile: {words.split(chr(10))[0].strip()[:60]!r} is no instruction", line
            )
        rest, start = found["rest"], at + found.start("rest")
        if word == "FROM":
            reading.stages.append(stage(reading, rest, line))
        elif word in ("ARG", "ENV"):
            remember(reading, rest)
        elif word == "RUN" and reading.stages:
            run(reading, reading.stages[-1], rest, start)
    if not reading.stages:
        raise Unreadable(str(path), "is no Dockerfile: it has no FROM", 1)
    for one in reading.stages:
        with_image(reading, one)
    settings = tuple(
        Setting(
            f"in stage {one.name or number}" if len(reading.stages) > 1 else "",
            tuple(one.pins),
            one.python,
            one.python_said,
            one.image,
            one.musl,
        )
        for number, one in enumerate(reading.stages)
    )
    return Manifest(str(path), settings, reading.texts, tuple(reading.findings))


def with_image(reading: Reading, stage: Stage) -> None:
    """Add what the base image brings, and say where a command replaces it."""
    own = image_pin(stage.image, str(reading.path), stage.line)
    for pin, message, help in over_image(stage.pins, stage.upgraded, stage.image, own):
        reading.findings.append(Finding(DRIFT, message, Severity.WARNING, pin.path, span_of(pin.line), help))
    if own and not any(FAMILY.match(pin.name) and not pin.constraint for pin in stage.pins):
        stage.pins.append(own)


def stage(reading: Reading, rest: str, line: int) -> Stage:
    words = [substitute(reading, word) for word in rest.split() if not word.startswith("--")]
    image, name = words[0] if words else "", words[2] if len(words) > 2 and words[1].lower() == "as" else ""
    if below := next((one for one in reading.stages if one.name and one.name == image), None):
        return replace(below, name=name, line=line, pins=list(below.pins), upgraded=set(below.upgraded))
    python = PYTHON_IMAGE.search(image)
    return Stage(
        name,
        image,
        line,
        python=f"=={python['version']}.*" if python else "",
        python_said=f"FROM {image}" if python else "",
        musl="alpine" in image,
    )


def substitute(reading: Reading, word: str) -> str:
    """A word with the values of ARG and ENV in it; what has none stays."""
    return VARIABLE.sub(
        lambda m: reading.values.get(m["braced"] or m["name"], m["default"] if m["default"] is not None else m[0]), word
    ).strip("\"'")


def remember(reading: Reading, rest: str) -> None:
    try:
        words = shlex.split(rest, comments=False)
    except ValueError:
        return
    if len(words) == 2 and "=" not in words[0]:  # ENV NAME value
        words = ["=".join(words)]
    for word in words:
        name, sign, value = word.partition("=")
        if sign:
            reading.values[name] = substitute(reading, value)


def run(reading: Reading, stage: Stage, rest: str, start: int) -> None:
    """Every pip and conda command of a RUN; words keep their places in the text."""
    for command in commands(rest, start):
        words = [substitute(reading, word) for word, _ in command]
        if "install" in words and is_pip(words[: words.index("install")]):
            at = words.index("install") + 1
            pip_install(reading, stage, words[at:], command[at:])
        elif words and words[0].rpartition("/")[2] in CONDAS and {"install", "create"} & set(words[:4]):
            at = next(n for n, word in enumerate(words) if word in ("install", "create")) + 1
            conda_install(reading, stage, words[at:], command[at:])


def pip_install(reading: Reading, stage: Stage, words: list[str], places: list[tuple[str, int]]) -> None:
    skip = ""
    for word, (written, at) in zip(words, places, strict=True):
        if skip:
            if skip in ("-r", "--requirement", "-c", "--constraint"):
                included(reading, stage, word, at, constraint=skip in ("-c", "--constraint"))
            skip = ""
        elif word.startswith("-"):
            name, sign, value = word.partition("=")
            if sign and name in ("--requirement", "--constraint"):
                included(reading, stage, value, at, constraint=name == "--constraint")
            skip = word if word in WITH_VALUE else ""
        elif not re.search(r"[/$]|^\.|\.whl$|^git\+", word):
            add_pip(reading, stage, word, written, at)
            if stage.pins and {"-U", "--upgrade"} & set(words):
                stage.upgraded.add(stage.pins[-1].name)


def add_pip(reading: Reading, stage: Stage, word: str, written: str, at: int) -> None:
    line = reading.text.count("\n", 0, at) + 1
    if reading.text[at - 1] not in "\"'" and (cut := re.search(r"[<>]", word)):
        message = f"{word} without quotes: a shell takes {word[cut.start() :]} for a redirection, and pip never sees it"
        reading.findings.append(problem(str(reading.path), message, line, f'write "{word}"'))
    try:
        pin = pin_of(word, str(reading.path), line, SHELL, at if word == written else None)
    except InvalidRequirement:
        return  # a word of the shell that is no requirement
    if pin:
        stage.pins.append(pin)


def included(reading: Reading, stage: Stage, name: str, at: int, *, constraint: bool) -> None:
    """A requirements file: as COPY brings it there it has another path, so only its name is looked for."""
    for place in (reading.path.parent / name.lstrip("/"), reading.path.parent / Path(name).name):
        if place.is_file():
            texts: dict[str, str] = {}  # a file that two stages read counts in both
            try:
                stage.pins += collect(place, texts, reading.findings, constraint=constraint)
            except Unreadable as error:
                line = reading.text.count("\n", 0, at) + 1
                reading.findings.append(problem(str(reading.path), f"reads {name}, which {error}", line))
            reading.texts |= texts
            return


def conda_install(reading: Reading, stage: Stage, words: list[str], places: list[tuple[str, int]]) -> None:
    skip = False
    for word, (written, at) in zip(words, places, strict=True):
        if skip or word.startswith("-"):
            skip = not skip and word in {*WITH_VALUE, "-c"}
            continue
        line = reading.text.count("\n", 0, at) + 1
        place = at if word == written else None
        for pin in conda.conda_pins(word, str(reading.path), line, place, [], SHELL):
            if pin.name == "python":
                stage.python, stage.python_said = pin.specifier, word
            else:
                stage.pins.append(pin)
