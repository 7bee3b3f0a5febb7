"""Every example of README.md and docs/ is run as it is printed, and answers what is printed below it.

Only the port is another one. The recipes are run once more over a line that breaks, for they say how to
take a broken stream up again.
"""

from collections.abc import Callable
from functools import cache

import pytest

from tests.app.serving import Served, serve
from tests.documents.breaking import breaking_line
from tests.documents.matching import check
from tests.documents.pages import PAGES, Example, examples
from tests.documents.running import LANGUAGES, Outcome, install_stand_in, run, system_curl

EXAMPLES = [example for page in PAGES for example in examples(page)]
PROGRAMS = {"sh": ("curl", "stand-in"), "python": ("python",), "js": ("node",)}


def session(example: Example) -> list[Example]:
    """The examples of the same page and language."""
    same = example.code.page, example.code.language
    return [other for other in EXAMPLES if (other.code.page, other.code.language) == same]


def run_session(
    example: Example, program: str, port: int, tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    if program == "curl" and not system_curl():
        pytest.skip("no curl that knows --json")
    path = tmp_path_factory.mktemp("path")
    if program == "stand-in":
        install_stand_in(path)
    blocks = [other.code for other in session(example)]
    return run(blocks, port, tmp_path_factory.mktemp("folder"), str(path))


def check_answer(example: Example, outcome: Outcome) -> None:
    position = session(example).index(example)
    assert position < len(outcome.printed), outcome.complaint
    if example.answer is not None:
        check(example.answer, outcome.printed[position])


@pytest.fixture(scope="module")
def run_once(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Example, str], Outcome]:
    @cache
    def run_of(first: Example, program: str) -> Outcome:
        return run_session(first, program, server.port, tmp_path_factory)

    return lambda example, program: run_of(session(example)[0], program)


@pytest.mark.parametrize(
    ("example", "program"),
    [
        pytest.param(example, program, id=f"{example.code}-{program}")
        for example in EXAMPLES
        for program in PROGRAMS[example.code.language]
    ],
)
def test_an_example_answers_what_the_page_says(
    example: Example, program: str, run_once: Callable[[Example, str], Outcome]
) -> None:
    check_answer(example, run_once(example, program))


@pytest.mark.parametrize("program", ["curl" if system_curl() else "stand-in", "python", "node"])
def test_the_recipes_take_broken_streams_up_again(
    program: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    recipes = [
        example
        for example in EXAMPLES
        if example.code.page == "recipes.md" and program in PROGRAMS[example.code.language]
    ]
    # More than a chunk of a stream, so that each connection brings something, and less than a recipe reads.
    chunk = 128 * 1024
    with (
        serve(tmp_path_factory.mktemp("data"), chunk_bytes=chunk) as server,
        breaking_line(server.port, chunk * 3 // 2) as line,
    ):
        outcome = run_session(recipes[0], program, line.port, tmp_path_factory)
    for example in recipes:
        check_answer(example, outcome)
    assert line.breaks >= 4


def test_what_can_be_run_is_known() -> None:
    assert {example.code.language for example in EXAMPLES} == set(LANGUAGES) == set(PROGRAMS)
