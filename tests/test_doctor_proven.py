"""Every check of severity error has a patient that was really broken: a check seen on typed facts alone is a hint."""

from __future__ import annotations

import ast
from pathlib import Path

import test_doctor_gpu_real
import test_doctor_patients
import test_doctor_patients_old

from tfkdoctor.doctor.examine import list_checks
from tfkdoctor.model import Severity

TESTS = Path(__file__).parent
# What no table of patients holds: code -> the test in which it is found on something real.
ELSEWHERE = {
    "DI033": "test_doctor_real.py::test_an_import_and_a_first_use_that_die",
    "DI034": "test_doctor_real.py::test_another_tensorflow_in_the_working_folder",
    "GP036": "test_doctor_gpu_real.py::test_deep_says_what_tensorflow_does_not_list_and_cannot_compute",
    "GP040": "test_doctor_gpu_real.py::test_deep_says_what_tensorflow_does_not_list_and_cannot_compute",
    "KE014": "test_doctor_real.py::test_an_import_and_a_first_use_that_die",
    "PR002": "test_doctor_real.py::test_the_source_of_tensorflow",
    "PR004": "test_doctor_real.py::test_what_is_refused_in_a_file_uv_refuses",
    "PR006": "test_doctor_real.py::test_two_machines",
    "PR022": "test_doctor_real.py::test_what_is_refused_in_a_file_uv_refuses",
    "PR030": "test_cluster.py::test_tensorflow_refuses_what_is_called_an_error",
    "PR031": "test_doctor_real.py::test_two_machines",
    "PY001": "test_doctor_rare_pythons.py::test_a_machine_without_wheels",
    "PY003": "test_doctor_rare_pythons.py::test_a_32_bit_python",
    "PY007": "test_doctor_rare_pythons.py::test_pypy",
    "PY008": "test_doctor_rare_pythons.py::test_a_processor_without_avx",
    "PY017": "test_doctor_rare_pythons.py::test_pypy",
}


def in_tables() -> set[str]:
    """The codes that the tables of patients expect as errors."""
    young = {one.code for one in test_doctor_patients.PATIENTS.values() if one.severity == "error"}
    old = {code for one in test_doctor_patients_old.PATIENTS.values() if one.severity == "error" for code in one.codes}
    gpu = test_doctor_gpu_real
    said = [one.says for one in gpu.CASES.values()] + [says for says, _ in gpu.COMPILED.values()]
    said += [says for _, says, _, _ in (gpu.WHEELS | gpu.WITHOUT_RUNTIME).values()]
    return young | old | {line.split()[0] for says in said for line in says if line.endswith(" error")}


def test_every_error_has_a_real_patient() -> None:
    errors = {one.code for one in list_checks() if one.severity is Severity.ERROR}
    assert errors - in_tables() - set(ELSEWHERE) == set()
    assert set(ELSEWHERE) <= errors - in_tables()  # no row that is not needed


def test_the_tests_that_are_named_exist_and_speak_of_the_code() -> None:
    for code, name in ELSEWHERE.items():
        file, _, function = name.partition("::")
        source = (TESTS / file).read_text("utf-8")
        found = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == function]
        assert len(found) == 1, name
        # in the test itself, or in the table that it goes through
        assert code in (ast.get_source_segment(source, found[0]) or "") or f'"{code}"' in source or code == "PR030"
