"""Checks of the distributions that are built on TensorFlow and Keras: text, addons, probability and their like: DI."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.checks.ranges import TFA
from tfkdoctor.doctor.compat import minor


def text_minor(case: Case) -> Iterator[Found]:
    one = case.distributions.get("tensorflow-text")
    if one and case.tensorflow and minor(one.version) != case.minor:
        want = f"{case.minor[0]}.{case.minor[1]}"
        yield Found(
            f"tensorflow-text {one.version} is built for TensorFlow {'.'.join(one.version.split('.')[:2])}, "
            f"not for {case.version}: undefined symbol at import",
            f'python -m pip install --no-deps "tensorflow-text=={want}.*"',
            (installed(one), installed(case.tensorflow)),
        )


def addons(case: Case) -> Iterator[Found]:
    one = case.distributions.get(TFA)
    if one and case.tensorflow and (case.minor >= (2, 16) or minor(case.keras) >= (3, 0)):
        yield Found(
            f"{TFA} {one.version} ended in May 2024 and does not go with Keras 3 and TensorFlow {case.version}",
            "use the layers and losses of Keras itself; tfa's metadata does not say this, so pip never warns",
            (installed(one), installed(case.tensorflow)),
        )


LOOKS: dict[str, Look] = {
    "DI020": text_minor,
    "DI021": addons,
}
