"""Calls as parts, and numbers as Python text."""

from typing import Any

import numpy as np
import pytest

from engine.frameworks.calls import Token, side, tokens
from engine.frameworks.programs import PACKED, assignment, literal, program, tolerance
from engine.spec import Conv2D, MaxPool2D


def test_what_is_only_said_becomes_one_token() -> None:
    assert tokens("f(", ["input", [", "]], "2", Token("3", "groups"), Token("", "padding"), "", ")") == (
        Token("f(input, 2"),
        Token("3", "groups"),
        Token("", "padding"),
        Token(")"),
    )
    assert side((4, 5, 5, 6), 1, 2) == Token("5", "padding", (1, 2))


def value_of(text: str, **names: Any) -> Any:
    """What `name = ...` assigns."""
    scope = {"np": np, **names}
    exec(text, scope)
    return scope["name"]


@pytest.mark.parametrize(
    "numbers",
    [
        [[1, -2], [3, 16777215]],
        [0.1, 1e-30, -3.4e38, 2.5],
        [16777216.0, 1e20],
        [np.inf, -np.inf, np.nan],
        np.arange(900) / 7,
        [[[[-0.5]]]],
    ],
)
def test_a_literal_is_the_numbers(numbers: Any) -> None:
    array = np.asarray(numbers, np.float32)
    np.testing.assert_array_equal(
        value_of(f"name = np.array({literal(array)}, np.float32)"), array, strict=True
    )
    np.testing.assert_array_equal(value_of(assignment("name", array)), array, strict=True)


def test_whole_numbers_have_no_point() -> None:
    assert assignment("name", np.array([[1, 0, -1]], np.float32)) == (
        "name = np.array([[ 1,  0, -1]], np.float32)  # [1, 3]"
    )


def test_a_picture_is_packed_into_the_program() -> None:
    picture = np.arange(64 * 64 * 3, dtype=np.uint8).reshape(1, 64, 64, 3)
    code = program([], {"input": picture}, "output = input + 1", picture.astype(np.float32) + 1, 1e-5)
    exec(compile(code, "program", "exec"), {})
    wrong = code.replace("input + 1", "input + 1.1")
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        exec(compile(wrong, "program", "exec"), {})
    assert max(map(len, code.splitlines())) <= 110


def test_more_than_that_comes_from_a_file() -> None:
    text = assignment("name", np.zeros((2, PACKED), np.float32))
    assert text == f'name = np.load("name.npy").astype(np.float32)  # [2, {PACKED}]'


def test_the_tolerance_goes_by_the_magnitude_of_the_terms() -> None:
    kernel = np.array([3, -4], np.float32).reshape(1, 2, 1, 1)
    picture = np.array([[[[0], [100]]]], np.uint8)
    assert tolerance(Conv2D(kernel, bias=[-300]), picture) == pytest.approx(1e-5 * 1000)
    assert tolerance(MaxPool2D((1, 1)), np.array([0.25, np.inf], np.float32)) == 1e-5
