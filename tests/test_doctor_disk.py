"""Installed distributions as they lie on the disk: metadata, RECORD, what lies over what."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from doctor_values import put_dist

from tfkdoctor.doctor.disk import egg_requires, find_package, read_installed
from tfkdoctor.doctor.facts import Distribution, Overlap, Package, Unknown
from tfkdoctor.doctor.surroundings import build_info, find_shadows, read_keras_config


def hash_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def read(*folders: Path) -> tuple[Distribution, ...]:
    return read_installed(map(str, folders), "/none", every_file=False).distributions


def test_dist_info_egg_info_and_egg(tmp_path: Path) -> None:
    put_dist(tmp_path, "Keras", "2.2.5", requires=("numpy>=1.9.1", 'enum34; python_version < "3.4"'))
    (tmp_path / "PyYAML-3.12.egg-info").write_text("Name: PyYAML\nVersion: 3.12\n")
    egg = tmp_path / "gast-0.2.2.egg" / "EGG-INFO"
    egg.mkdir(parents=True)
    (egg / "PKG-INFO").write_text("Name: gast\nVersion: 0.2.2\n")
    (egg / "requires.txt").write_text('six\n\n[:python_version < "3"]\nenum34\n\n[dev]\npytest\n')
    found = {one.name: (one.version, one.requires, one.installer) for one in read(tmp_path)}
    assert found == {
        "keras": ("2.2.5", ("numpy>=1.9.1", 'enum34; python_version < "3.4"'), "pip"),
        "pyyaml": ("3.12", (), ""),
        "gast": ("0.2.2", ("six", 'enum34; python_version < "3"'), ""),
    }
    assert egg_requires('a\n[:python_version < "3"]\nb\n[x]\nc\n') == ("a", 'b; python_version < "3"')


def test_two_copies_are_both_kept_in_the_order_of_sys_path(tmp_path: Path) -> None:
    put_dist(tmp_path / "first", "tensorflow", "2.15.1")
    put_dist(tmp_path / "second", "tensorflow", "2.21.0")
    assert [one.version for one in read(tmp_path / "first", tmp_path / "second")] == ["2.15.1", "2.21.0"]


def test_missing_files_are_named(tmp_path: Path) -> None:
    files = ("tensorflow/__init__.py", "tensorflow/a/b/deep.py", "tensorflow/include/x.h", "tensorflow/x.so.2")
    put_dist(tmp_path, "tensorflow", "2.15.1", files=files)
    for gone in files[:3]:
        (tmp_path / gone).unlink()
    (quick,) = read(tmp_path)
    assert (quick.missing, quick.recorded, quick.looked_at) == (files[:2], 4, 3)
    (whole,) = read_installed([str(tmp_path)], "/none", every_file=True).distributions
    assert set(whole.missing) == set(files[:3]) and whole.looked_at == 4


def test_altered_files_show_by_their_size_and_with_deep_by_their_hash(tmp_path: Path) -> None:
    put_dist(tmp_path, "keras", "3.15.1", files=("keras/__init__.py", "keras/src/a.py", "keras/src/b.py"))
    record = "".join(f"keras/src/{name}.py,sha256={hash_of(b'one')},3\n" for name in "ab")
    (tmp_path / "keras-3.15.1.dist-info/RECORD").write_text("keras/__init__.py,,\n" + record)
    (tmp_path / "keras/src/a.py").write_bytes(b"other")
    (tmp_path / "keras/src/b.py").write_bytes(b"two")
    (quick,) = read(tmp_path)
    (deep,) = read_installed([str(tmp_path)], "/none", every_file=True).distributions
    assert (quick.altered, deep.altered) == (("keras/src/a.py",), ("keras/src/a.py", "keras/src/b.py"))


def test_an_editable_installation_names_its_source(tmp_path: Path) -> None:
    put_dist(tmp_path, "keras", "3.15.1")
    info = tmp_path / "keras-3.15.1.dist-info/direct_url.json"
    info.write_text('{"url": "file:///home/me/my%20keras", "dir_info": {"editable": true}}')
    assert [one.editable for one in read(tmp_path)] == ["/home/me/my keras"]
    info.write_text('{"url": "file:///home/me/keras", "dir_info": {}}')
    assert [one.editable for one in read(tmp_path)] == [""]


def test_a_dist_info_without_metadata_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "keras-2.15.0.dist-info").mkdir()
    (one,) = read(tmp_path)
    assert (one.name, one.version, one.missing) == ("keras", "2.15.0", ("keras-2.15.0.dist-info/METADATA",))


def test_whose_file_lies_on_the_disk(tmp_path: Path) -> None:
    put_dist(tmp_path, "tensorflow", "2.21.0", files=("tensorflow/__init__.py",))
    put_dist(tmp_path, "tensorflow-cpu", "2.20.0", files=("tensorflow/__init__.py",))
    file = tmp_path / "tensorflow/__init__.py"
    for name, text in (("tensorflow-2.21.0", b"one"), ("tensorflow_cpu-2.20.0", b"other")):
        (tmp_path / f"{name}.dist-info/RECORD").write_text(
            f"tensorflow/__init__.py,sha256={hash_of(text)},{len(text)}\n"
        )
    file.write_bytes(b"other")
    found = read_installed([str(tmp_path)], "/none", every_file=False)
    assert found.overlaps == (Overlap(str(file), ("tensorflow", "tensorflow-cpu"), "tensorflow-cpu 2.20.0"),)
    assert [one.altered for one in found.distributions] == [("tensorflow/__init__.py",), ()]


def test_left_overs_and_nvidia_wheels(tmp_path: Path) -> None:
    (tmp_path / "~ensorflow").mkdir()
    put_dist(tmp_path, "nvidia-cudnn-cu12", "9.3.0.75", files=("nvidia/cudnn/lib/libcudnn.so.9",))
    found = read_installed([str(tmp_path)], "/none", every_file=False)
    assert found.leftovers == (str(tmp_path / "~ensorflow"),)
    assert found.wheels == {
        "libcudnn.so.9": (str(tmp_path / "nvidia/cudnn/lib/libcudnn.so.9"), "nvidia-cudnn-cu12 9.3.0.75")
    }


def test_conda_and_pip(tmp_path: Path) -> None:
    put_dist(tmp_path / "site", "tensorflow", "2.15.1")
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "tensorflow-2.15.0-cpu_py311_0.json").touch()
    (one,) = read_installed([str(tmp_path / "site")], str(tmp_path), every_file=False).distributions
    assert one.conda and one.installer == "pip"


def test_packages_state_their_version_without_being_imported(tmp_path: Path) -> None:
    for name, file, text in (
        ("keras", "src/version.py", '__version__ = "3.15.1"\n'),
        ("tf_keras", "__init__.py", "__version__ = '2.21.0'\nraise SystemExit\n"),
        (
            "tensorflow",
            "include/tensorflow/core/public/version.h",
            "#define TF_MAJOR_VERSION 2\n#define TF_MINOR_VERSION 15\n#define TF_PATCH_VERSION 1\n",
        ),
    ):
        (tmp_path / name / file).parent.mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / file).write_text(text)
    found = [find_package(name, [str(tmp_path)]) for name in ("keras", "tf_keras", "tensorflow")]
    assert [one and one.version for one in found] == ["3.15.1", "2.21.0", "2.15.1"]


def test_a_mere_folder_is_a_package_only_where_nothing_else_is(tmp_path: Path) -> None:
    (tmp_path / "a/tensorflow").mkdir(parents=True)
    (tmp_path / "b/tensorflow").mkdir(parents=True)
    only = Package("tensorflow", str(tmp_path / "a/tensorflow"), False, Unknown("the package has no __init__.py"))
    assert find_package("tensorflow", [str(tmp_path / "a"), str(tmp_path / "b")]) == only
    (tmp_path / "b/tensorflow/__init__.py").touch()
    found = find_package("tensorflow", [str(tmp_path / "a"), str(tmp_path / "b")])
    assert found and found.location == str(tmp_path / "b/tensorflow") and found.regular


def test_build_info_of_both_ages() -> None:
    assert build_info("is_cuda_build = False\nx = f()\n") == {"is_cuda_build": False}
    new = "build_info = collections.OrderedDict([('cuda_version', '12.5.1'), ('is_cuda_build', True)])"
    assert build_info(new) == {"cuda_version": "12.5.1", "is_cuda_build": True}
    assert build_info("def") == {}


def test_shadows_are_files_and_packages_but_no_mere_folders(tmp_path: Path) -> None:
    (tmp_path / "keras.py").touch()
    (tmp_path / "random.py").touch()
    (tmp_path / "numpy").mkdir()
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").touch()
    (tmp_path / "train.py").touch()
    assert [(one.module, one.hides) for one in find_shadows(tmp_path, "")] == [
        ("tensorflow", "the installed package"),
        ("keras", "the installed package"),
        ("random", "the standard library"),
    ]


def test_keras_json_is_looked_for_where_keras_looks(tmp_path: Path) -> None:
    (tmp_path / ".keras").mkdir()
    file = tmp_path / ".keras/keras.json"
    file.write_text('{"backend": "theano", "floatx": "float16"}')
    found = read_keras_config({"HOME": str(tmp_path)})
    assert (found.state, found.backend, found.floatx, found.path) == ("read", "theano", "float16", str(file))
    other = read_keras_config({"HOME": str(tmp_path), "KERAS_HOME": str(tmp_path / "else")})
    assert other.state == "absent"
    file.write_text("{oops")
    broken = read_keras_config({"HOME": str(tmp_path)})
    assert broken.state == "invalid" and broken.problem
    assert read_keras_config({}).path.endswith("/.keras/keras.json")  # the user database knows the home folder


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "it holds no JSON object"),
        ('{"floatx": "float63"}', 'floatx is "float63", and must be one of float16, float32, float64'),
        ('{"image_data_format": "th"}', 'image_data_format is "th", and must be one of channels_last, channels_first'),
        ('{"epsilon": 1}', "epsilon is 1, and must be a number with a point, such as 1e-07"),
    ],
)
def test_a_keras_json_that_keras_refuses(tmp_path: Path, text: str, problem: str) -> None:
    """`import keras` dies of each, in Keras 2.2.5, 2.15 and 3.15."""
    (tmp_path / "keras.json").write_text(text)
    found = read_keras_config({"KERAS_HOME": str(tmp_path)})
    assert (found.state, found.problem) == ("refused", problem)


def test_a_keras_json_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "keras.json").mkdir()
    found = read_keras_config({"KERAS_HOME": str(tmp_path)})
    assert (found.state, found.problem) == ("refused", "Is a directory")


def test_a_folder_of_installed_packages_is_no_project(tmp_path: Path) -> None:
    """`pip install -t folder numpy` and PYTHONPATH: numpy/ there is numpy itself."""
    put_dist(tmp_path, "numpy", "2.0.2", files=("numpy/__init__.py",))
    assert find_shadows(tmp_path, "") == ()


def test_metadata_without_a_name_is_no_distribution(tmp_path: Path) -> None:
    for name in (".dist-info", "-.dist-info", "-1.0.dist-info"):
        (tmp_path / name).mkdir()
    assert read(tmp_path) == ()
