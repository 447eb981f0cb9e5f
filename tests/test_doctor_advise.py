"""Advice: one command, the least change first, and never one that leaves or makes an error."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doctor_values import SITE, errors, facts, whole, with_gpu
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement

from tfkdoctor.doctor import compat
from tfkdoctor.doctor.advise import MENDABLE, candidates, distribution_for, plan_for
from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.examine import check
from tfkdoctor.doctor.facts import Distribution, Facts, KerasConfig, Overlap, Package, Patient, Unknown
from tfkdoctor.doctor.requested import Request
from tfkdoctor.doctor.simulate import simulate
from tfkdoctor.doctor.solve import solve

PYTHON = "/env/bin/python"


def advice(one: Facts) -> tuple[str, tuple[str, ...], str]:
    found = check(one).advice
    assert found is not None
    return found.command, found.changes, found.why


def with_pip(versions: dict[str, str]) -> dict[str, str]:
    return {"pip": "24.0", **versions}


def test_a_sound_environment_gets_no_advice() -> None:
    assert check(facts(whole("2.15.1", "3.11.7"))).advice is None


def test_numpy_two_under_an_old_tensorflow_keeps_tensorflow() -> None:
    versions = with_pip({**whole("2.14.0", "3.11.7"), "numpy": "2.4.6"})
    assert advice(facts(versions)) == (
        f'{PYTHON} -m pip install "numpy==1.26.4"',
        ("numpy 2.4.6 → 1.26.4",),
        "keeps TensorFlow 2.14.0; mends DI009",
    )


def test_the_alternative_is_the_newest_tensorflow() -> None:
    versions = with_pip({**whole("2.14.0", "3.11.7"), "numpy": "2.4.6"})
    found = check(facts(versions)).advice
    assert found is not None and found.alternative is not None
    assert '"tensorflow==2.21.0"' in found.alternative.command and '"keras==3.15.1"' in found.alternative.command
    assert "numpy" not in found.alternative.command
    assert found.alternative.why == "the newest TensorFlow for Python 3.11"


def test_an_old_keras_pin_moves_alone() -> None:
    versions = with_pip({**whole("2.21.0", "3.11.7"), "keras": "2.15.0"})
    assert advice(facts(versions)) == (
        f'{PYTHON} -m pip install "keras==3.15.1"',
        ("keras 2.15.0 → 3.15.1",),
        "keeps TensorFlow 2.21.0; mends KE002",
    )


def test_keras_3_under_tensorflow_2_14() -> None:
    versions = with_pip({**whole("2.14.1", "3.11.7"), "keras": "3.15.1"})
    assert advice(facts(versions))[0] == f'{PYTHON} -m pip install "keras==2.14.0"'


def test_two_owners_are_both_uninstalled_and_the_one_on_the_disk_comes_back() -> None:
    versions = with_pip({**whole("2.21.0", "3.11.7"), "tensorflow-cpu": "2.20.0"})
    shared = Overlap(f"{SITE}/tensorflow/__init__.py", ("tensorflow", "tensorflow-cpu"), "tensorflow 2.21.0")
    assert advice(replace(facts(versions), overlaps=(shared,)))[:2] == (
        f'{PYTHON} -m pip uninstall -y tensorflow tensorflow-cpu && {PYTHON} -m pip install "tensorflow==2.21.0"',
        ("removes tensorflow-cpu", "installs tensorflow 2.21.0 anew"),
    )


def test_a_half_uninstalled_tensorflow_is_installed_anew() -> None:
    versions = with_pip(whole("2.15.1", "3.11.7"))
    one = facts(versions)
    assert not isinstance(one.distributions, Unknown)
    broken = tuple(
        replace(d, missing=("tensorflow/__init__.py",)) if d.name == "tensorflow" else d for d in one.distributions
    )
    folder = Package("tensorflow", f"{SITE}/tensorflow", False, Unknown("no __init__.py"))
    assert advice(replace(one, distributions=broken, packages=(folder,)))[0] == (
        f"{PYTHON} -m pip uninstall -y tensorflow && rm -rf {SITE}/tensorflow && "
        f'{PYTHON} -m pip install "tensorflow==2.15.1"'
    )


def test_a_fresh_install_of_an_old_tensorflow_names_the_caps_that_pip_does_not_know() -> None:
    """Keras 2.10 is there and stays; numpy and setuptools would be too new if they were not named."""
    one = facts(with_pip({"keras": "2.10.0"}), python="3.10.13")
    assert advice(one)[0] == f'{PYTHON} -m pip install "tensorflow==2.10.1" "numpy==1.26.4" "setuptools==81.0.0"'


def test_the_legacy_switch_gets_its_tf_keras_and_a_variant_is_not_overlaid() -> None:
    versions = with_pip(whole("2.20.0", "3.11.7", "tensorflow-cpu"))
    one = facts(versions, environment={"TF_USE_LEGACY_KERAS": "1"})
    assert advice(one)[0] == f'{PYTHON} -m pip install --no-deps "tf-keras==2.20.1"'


def test_a_backend_of_the_environment_is_unset() -> None:
    one = facts(with_pip(whole("2.21.0", "3.11.7")), environment={"KERAS_BACKEND": "theano"})
    assert advice(one)[0] == "unset KERAS_BACKEND"


def test_a_gpu_without_cuda_libraries_gets_the_extra() -> None:
    need = compat.load().cuda_for("2.21.0")
    assert need
    one = with_gpu(facts(with_pip(whole("2.21.0", "3.11.7"))), missing=need.sonames)
    assert advice(one) == (
        f'{PYTHON} -m pip install "tensorflow[and-cuda]==2.21.0" && '
        f"ln -sf {SITE}/nvidia/cusolver/lib/libcusolver.so.11 {SITE}/nvidia/cublas/lib/",
        (
            "adds the CUDA libraries of NVIDIA's wheels to tensorflow 2.21.0",
            "links libcusolver.so.11 to where TensorFlow 2.21.0 looks for it",
        ),
        "keeps TensorFlow 2.21.0; mends GP003",
    )


def test_uv_and_conda_are_spoken_to_in_their_own_words() -> None:
    one = facts(with_pip({**whole("2.14.1", "3.11.7"), "numpy": "2.4.6"}))
    uv = replace(one, patient=Patient(PYTHON, "--python", "uv"))
    conda = replace(one, patient=Patient(PYTHON, "--python", "conda"))
    assert advice(uv)[0] == f'uv pip install --python {PYTHON} "numpy==1.26.4"'
    assert advice(conda)[0] == 'conda run -p /env python -m pip install "numpy==1.26.4"'


def test_an_old_pip_is_renewed_first() -> None:
    assert advice(facts({"pip": "9.0.3"}, python="3.7.16"))[0].startswith(
        f'{PYTHON} -m pip install -U pip && {PYTHON} -m pip install "tensorflow==2.11.0"'
    )


def test_what_conda_installed_is_changed_by_conda() -> None:
    one = replace(
        facts(with_pip({**whole("2.14.1", "3.11.7"), "numpy": "2.4.6"})), patient=Patient(PYTHON, "--python", "conda")
    )
    assert not isinstance(one.distributions, Unknown)
    theirs = tuple(replace(d, conda=d.name == "numpy", installer="conda") for d in one.distributions)
    assert advice(replace(one, distributions=theirs))[0] == 'conda install -y -p /env "numpy=1.26.4"'


def test_a_python_without_wheels_gets_a_new_environment() -> None:
    assert advice(facts({}, python="3.14.1"))[0] == (
        'python3.13 -m venv .venv && .venv/bin/python -m pip install "tensorflow==2.21.0"'
    )


def test_what_others_require_weighs() -> None:
    """Going back to numpy 1 would break three others: moving TensorFlow is the smaller evil."""
    others = {"jax": "0.10.2", "scikit-learn": "1.9.1", "pandas": "3.1.1"}
    versions = with_pip({**whole("2.17.1", "3.11.7"), "numpy": "2.0.2", **others})
    one = facts(versions, requires=dict.fromkeys(others, ("numpy>=2",)))
    command, _, why = advice(one)
    assert command == f'{PYTHON} -m pip install "tensorflow==2.18.1" "tensorboard==2.18.0"'
    assert why == "moves TensorFlow from 2.17.1 to 2.18.1, the least change; mends DI009"


# The law: whatever is wrong among versions, the advice leaves no error that packages or switches can mend.

PYTHONS = ("3.7.16", "3.8.18", "3.9.18", "3.10.13", "3.11.7", "3.12.1", "3.13.0")
MIXED = ("keras", "numpy", "protobuf", "h5py", "ml-dtypes", "wrapt", "setuptools", "tensorboard", "tf-keras")


@st.composite
def environments(draw: st.DrawFn) -> tuple[str, dict[str, str], dict[str, str]]:
    """A TensorFlow of the table with arbitrary releases of what it needs, some missing, some doubled, some switched."""
    table = compat.load()
    python = draw(st.sampled_from(PYTHONS))
    minor = ".".join(python.split(".")[:2])
    tensorflow = draw(st.sampled_from(table.installable(minor, "linux_x86_64")))
    name = draw(st.sampled_from(("tensorflow", "tensorflow-cpu")))
    versions = {name: tensorflow, **whole(tensorflow, python)}
    if name != "tensorflow":
        del versions["tensorflow"]
    for mixed in draw(st.lists(st.sampled_from(MIXED), max_size=4, unique=True)):
        if known := table.versions(mixed, minor):
            versions[mixed] = draw(st.sampled_from(known))
    for gone in draw(st.lists(st.sampled_from(sorted(versions)), max_size=2)):
        versions.pop(gone, None)
    switches = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "TF_USE_LEGACY_KERAS": st.sampled_from(("1", "0", "TRUE")),
                "KERAS_BACKEND": st.sampled_from(("tensorflow", "jax", "theano")),
            },
        )
    )
    return python, with_pip(versions), switches


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(environments())
def test_applying_the_advice_leaves_no_error(drawn: tuple[str, dict[str, str], dict[str, str]]) -> None:
    python, versions, switches = drawn
    one = facts(versions, python=python, environment=switches)
    case = Case(one, compat.load())
    wrong = set(errors(one)) & set(MENDABLE)
    if not wrong:
        return
    assert check(one).advice is not None, f"{wrong}: no advice"
    tried = candidates(case)
    for version in {tried[0], tried[-1]}:
        if plan := plan_for(case, version):
            after = simulate(case, plan)
            assert not set(errors(after)) & set(MENDABLE)
            assert_one_version_each(after)


LINES = (
    *("tensorflow", "tensorflow==2.15.*", "tensorflow>=2.18", "tensorflow<2", "keras<3", "keras==3.5.0", "tf-keras"),
    *("numpy<2", "numpy>=2", "protobuf<5", "h5py<3.11", "setuptools<60", "keras>=3", "ml-dtypes==0.2.0"),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(environments(), st.lists(st.sampled_from(LINES), max_size=3, unique=True))
def test_whatever_the_files_ask_for_advice_leaves_no_error(
    drawn: tuple[str, dict[str, str], dict[str, str]], lines: list[str]
) -> None:
    python, versions, switches = drawn
    one = facts(versions, python=python, environment=switches)
    free = check(one).advice
    asked = with_requests(one, lines)
    assert (check(asked).advice is None) == (free is None)
    case = Case(asked, compat.load())
    for version in (candidates(case)[0], candidates(case)[-1]) if free else ():
        if plan := plan_for(case, version):
            after = simulate(case, plan)
            assert not set(errors(after)) & set(MENDABLE)
            assert_one_version_each(after)


def with_requests(one: Facts, lines: list[str]) -> Facts:
    assert not isinstance(one.project, Unknown)
    parsed = [(number, Requirement(line)) for number, line in enumerate(lines, 1)]
    found = tuple(Request(each.name, str(each.specifier), "/p/requirements.txt", at) for at, each in parsed)
    return replace(one, project=replace(one.project, requests=found))


def assert_one_version_each(after: Facts) -> None:
    assert not isinstance(after.distributions, Unknown)
    names = [one.name for one in after.distributions]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("python", PYTHONS)
def test_every_tensorflow_can_be_made_sound_on_every_python_that_it_has_a_wheel_for(python: str) -> None:
    table = compat.load()
    minor = ".".join(python.split(".")[:2])
    for version in table.installable(minor, "linux_x86_64"):
        case = Case(facts({}, python=python), table)
        plan = solve(case, distribution_for(case, version), version)
        assert plan is not None, version
        after = simulate(case, plan)
        assert errors(after) == [], version


def test_a_distribution_of_unknown_name_is_left_to_pip() -> None:
    versions = with_pip(whole("2.21.0", "3.11.7"))
    one = facts(versions)
    assert not isinstance(one.distributions, Unknown)
    wanting = tuple(
        replace(d, requires=(*d.requires, "something-else>=2")) if d.name == "tensorflow" else d
        for d in one.distributions
    )
    assert advice(replace(one, distributions=wanting))[0] == f'{PYTHON} -m pip install "something-else>=2"'


def in_front(one: Facts, name: str, version: str) -> Facts:
    """The same with a distribution in a folder of PYTHONPATH."""
    assert not isinstance(one.interpreter, Unknown) and not isinstance(one.distributions, Unknown)
    environment = {**one.interpreter.environment, "PYTHONPATH": "/module"}
    front = Distribution(name, version, "/module", ())
    return replace(
        one,
        distributions=(front, *one.distributions),
        interpreter=replace(one.interpreter, environment=environment),
    )


def test_what_lies_in_pythonpath_is_left_out_and_not_installed_over() -> None:
    one = in_front(facts(with_pip(whole("2.15.1", "3.11.7"))), "numpy", "2.2.6")
    assert advice(one) == (
        "unset PYTHONPATH",
        ("leaves out /module",),
        "no pip of this interpreter changes what lies in /module, and without it nothing is wrong",
    )


def test_what_a_pythonpath_hides_is_not_said_to_be_mended() -> None:
    """keras is wrong in the environment itself; that setuptools lies twice stays as it is."""
    one = in_front(facts(with_pip({**whole("2.15.1", "3.11.7"), "keras": "2.14.0"})), "setuptools", "70.0.0")
    assert not isinstance(one.distributions, Unknown)
    also = replace(one, distributions=(*one.distributions, Distribution("setuptools", "69.0.0", SITE, ())))
    command, _, why = advice(also)
    assert command == f'{PYTHON} -m pip install "keras==2.15.0"'
    assert why == "keeps TensorFlow 2.15.1; mends KE003; no package mends PY015"


def test_a_keras_json_that_keras_refuses_is_put_aside() -> None:
    refused = KerasConfig("/home/me/.keras/keras.json", "refused", problem="it holds no JSON object")
    one = facts(with_pip(whole("2.21.0", "3.11.7")), keras_config=refused)
    assert advice(one)[0] == "mv /home/me/.keras/keras.json /home/me/.keras/keras.json.old"


def newest(one: Facts) -> tuple[str, str]:
    found = check(one).advice
    assert found is not None and found.alternative is not None
    return found.alternative.command, found.alternative.why


def test_the_newest_tensorflow_takes_tensorboard_along() -> None:
    """TensorFlow 2.21 does not require it any more, and what 2.10 brought forbids today's protobuf."""
    one = facts(with_pip({**whole("2.10.1", "3.10.13"), "numpy": "2.2.6"}), python="3.10.13")
    command, why = newest(one)
    assert '"tensorflow==2.21.0"' in command and '"tensorboard==2.21.0"' in command
    assert why == "the newest TensorFlow for Python 3.10"


def test_what_the_newest_tensorflow_breaks_is_said() -> None:
    versions = {**whole("2.14.1", "3.11.7"), "numpy": "2.2.6", "bound": "1.0"}
    one = facts(with_pip(versions), requires={"bound": ("tensorflow==2.14.1",)})
    assert newest(one)[1] == (
        "the newest TensorFlow for Python 3.11; then no longer met: bound 1.0 requires tensorflow==2.14.1"
    )


def test_a_code_that_is_mended_in_part_is_said_so() -> None:
    one = facts(with_pip({**whole("2.15.1", "3.11.7"), "other": "1.0"}))
    assert not isinstance(one.distributions, Unknown)
    gone = {"tensorflow": ("tensorflow/__init__.py",), "other": ("other-1.0.dist-info/METADATA",)}
    broken = tuple(replace(d, missing=gone.get(d.name, ())) for d in one.distributions)
    assert advice(replace(one, distributions=broken))[2] == (
        "keeps TensorFlow 2.15.1; mends DI002 in part; no package mends the rest of DI002"
    )
