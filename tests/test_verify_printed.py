"""Which numbers of two programs' output count, and which are equal."""

from __future__ import annotations

import pytest

from tfkdoctor.validate.printed import first_unequal, other_words, printed


def numbers(text: str) -> list[float]:
    return [number.value for number in printed(text).numbers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loss 0.5 at 1e-3, of 1,024 and -2", [0.5, 0.001, 1024, -2]),
        ("dense_1 conv2d x1 took 3.2s, 20 ms, 0:01:02 on 2017-03-01 in keras 2.2.5 at 0x7f00", []),
        ("10/10 [==============================] - 1s 20ms/step - loss: 0.69 - acc: 0.5", [0.5, 0.69]),
        (
            "\x1b[1m2/2\x1b[0m \x1b[32m━━━━\x1b[0m \x1b[1m0s\x1b[0m 12ms/step - accuracy: 0.5 - loss: 0.69",
            [0.5, 0.69],
        ),
        ("1/2 [==>...] - ETA: 3s - loss: 9.9\b\b\b\b\r2/2 [=====] - 1s - loss: 0.69", [0.69]),
        ("Epoch 3/9\n - 1s - loss: 0.25", [0.25]),
        ("Epoch 3/9\n2/2 - 1s - 553ms/step - loss: 0.25", [0.25]),
        ("Total params: 1,100 (4.30 KB)", [1100]),
        ("[np.float32(0.5), 2.]", [0.5, 2]),
        ("nan and -inf", [float("-inf")]),
    ],
)
def test_numbers(text: str, expected: list[float]) -> None:
    assert [one for one in numbers(text) if one == one] == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.6931", "0.69320"),  # one unit of the last digit that both print
        ("loss: 0.1 - acc: 0.5", "accuracy: 0.5 - loss: 0.1"),
        ("5.0", "5"),
        ("nan", "nan"),
        ("[1 2\n 3]", "[1 2 3]"),
    ],
)
def test_equal(old: str, new: str) -> None:
    assert first_unequal(printed(old), printed(new), 1e-4, 1e-6) is None


def test_the_first_difference_and_its_lines() -> None:
    unequal = first_unequal(printed("a 1\nb 2 0.5"), printed("a 1\nb 2 0.6\nc 7"), 1e-4, 1e-6)
    assert unequal is not None
    assert (unequal.position, unequal.old, unequal.new) == (2, "b 2 0.5", "b 2 0.6")
    more = first_unequal(printed("a 1"), printed("a 1\nb 2"), 1e-4, 1e-6)
    assert more is not None
    assert (more.old, more.new, more.old_value, more.new_value) == ("", "b 2", None, 2.0)
    assert first_unequal(printed("3"), printed("4"), 1.0, 1.0) is not None  # whole numbers are exact


def test_other_words() -> None:
    assert other_words(["cat 1", "dog 2"], ["cat 9", "cow 2"]) == ("dog 2", "cow 2")
    assert other_words([" - 1s - loss: 0.5"], ["2/2 - 1s - loss: 0.5"]) is None
