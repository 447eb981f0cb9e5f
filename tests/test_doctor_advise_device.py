"""Advice that minds the driver and the card: the TensorFlow that goes with both, where there is one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doctor_values import GOOD_DRIVER, H100, errors, facts, whole, with_gpu
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tfkdoctor.doctor import compat
from tfkdoctor.doctor.advise import FITTING, MENDABLE, candidates, plan_for
from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.examine import check
from tfkdoctor.doctor.facts import Driver, Facts, Gpu
from tfkdoctor.doctor.simulate import simulate

OLD_DRIVER = replace(GOOD_DRIVER, kernel="470.57.02", library="470.57.02", cuda="11.4")
MAXWELL = Gpu(index=0, name="Maxwell", uuid="GPU-2", capability="5.2", memory=12000, used=0)


def machine(tensorflow: str, python: str, gpu: Gpu = H100, driver: Driver = GOOD_DRIVER, **more: str) -> Facts:
    return with_gpu(facts({"pip": "24.0", **whole(tensorflow, python), **more}, python=python), gpu, driver)


def test_an_old_driver_gets_the_tensorflow_that_its_cuda_is_enough_for() -> None:
    found = check(machine("2.15.1", "3.11.7", driver=OLD_DRIVER)).advice
    assert found is not None
    assert '"tensorflow[and-cuda]==2.14.1"' in found.command and "keras==2.14.0" in found.command
    assert found.why.startswith("moves TensorFlow from 2.15.1 to 2.14.1, the least change; mends GP013")


def test_an_old_card_gets_the_last_tensorflow_with_code_for_it() -> None:
    found = check(machine("2.18.1", "3.11.7", gpu=MAXWELL)).advice
    assert found is not None and '"tensorflow[and-cuda]==2.16.2"' in found.command
    assert "mends GP022" in found.why


def test_where_no_tensorflow_fits_there_is_no_advice() -> None:
    """Python 3.13 begins with TensorFlow 2.20, which is built with CUDA 12."""
    assert check(machine("2.21.0", "3.13.0", driver=OLD_DRIVER)).advice is None


def test_versions_that_are_wrong_are_mended_whatever_the_driver_is() -> None:
    found = check(machine("2.21.0", "3.13.0", driver=OLD_DRIVER, keras="3.5.0", protobuf="3.20.3")).advice
    assert found is not None and "tensorflow" not in found.command.replace("tensorflow ", "")


@st.composite
def machines(draw: st.DrawFn) -> Facts:
    table = compat.load()
    python = draw(st.sampled_from(("3.9", "3.10", "3.11", "3.12", "3.13")))
    known = [v for v in table.installable(python, "linux_x86_64") if table.release(v).capabilities]  # type: ignore[union-attr]
    tensorflow = draw(st.sampled_from(known))
    kernel, speaks = draw(st.sampled_from((("418.87", "10.1"), ("470.57.02", "11.4"), ("535.54.03", "12.2"))))
    gpu = replace(H100, capability=draw(st.sampled_from(("3.5", "5.2", "6.1", "7.5", "8.6", "9.0"))))
    numpy = draw(st.sampled_from(table.versions("numpy", python)))
    return machine(tensorflow, f"{python}.1", gpu, replace(GOOD_DRIVER, kernel=kernel, cuda=speaks), numpy=numpy)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(machines())
def test_no_plan_makes_an_error_of_driver_or_card(one: Facts) -> None:
    case = Case(one, compat.load())
    before = set(errors(one))
    for version in candidates(case)[-2:]:
        if plan := plan_for(case, version):
            after = set(errors(simulate(case, plan)))
            assert not after & set(MENDABLE) and after & set(FITTING) <= before


@pytest.mark.parametrize("python", ["3.10.13", "3.12.1"])
def test_a_device_that_fits_changes_nothing(python: str) -> None:
    assert check(machine("2.18.1", python)).advice is None
