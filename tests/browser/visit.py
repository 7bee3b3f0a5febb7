"""The page in the hands of a test: what can be read from it, and that it is right."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import ElementHandle, JSHandle, Locator, Page, Route, expect

from tests.browser.oracle import Convolution, index, shown

READ = """() => {
  const text = (selector) => document.querySelector(selector).textContent;
  const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
  return {
    readout: text("#readout b"), count: text("#readout span"),
    sentence: text("#sentence"), result: text("#result"),
    terms: all("#sum button.term b", (b) => b.textContent),
    tags: all("#sum button.term i", (i) => i.textContent),
    bias: document.querySelector("#sum .term.flat b")?.textContent,
    signs: all("#sum .sign", (sign) => sign.textContent),
    pressed: all("#sum button.term", (term) => term.getAttribute("aria-pressed") === "true").indexOf(true),
    taps: all("#loupe-table tbody tr", (row) => [...row.cells].map((cell) => cell.textContent)),
    input: text("#input-shape b"), kernel: text("#kernel-shape b"), output: text("#output-shape b"),
    call: text("#call"), picked: [text("#image-button"), text("#kernel-button")],
    scrub: document.querySelector("#scrub").getAttribute("aria-valuetext"),
    labels: all("#input-live, #output-live", (canvas) => canvas.getAttribute("aria-label")),
  };
}"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
INTERCEPTED = "() => fetch('/healthz').then(({ status }) => status === 204)"
PIXEL = """(canvas, [x, y]) => {
  const scale = canvas.width / canvas.getBoundingClientRect().width;
  return [...canvas.getContext("2d").getImageData(Math.floor(x * scale), Math.floor(y * scale), 1, 1).data];
}"""
COLOURS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
FIGURE = """(figure) => {
  const { width, height } = figure.getBoundingClientRect();
  const heading = figure.parentElement.querySelector(".heading");
  const margin = parseFloat(getComputedStyle(heading).paddingInlineStart);
  return { width: width - margin - 2, height: height - margin - 2, margin };
}"""
# The button itself, whatever lies over it: letters do not act where a popup has the focus.
OTHER_THEME = """() => {
  document.querySelector("[data-action=theme]").click();
  return document.documentElement.dataset.theme;
}"""
DATA_TRANSFER = """([name, type, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type }));
  return data;
}"""


@dataclass(frozen=True)
class Figure:
    """Where the cells of a picture are, in CSS pixels of its canvas. A SAME padded input starts at row -1."""

    margin: float
    cell: float
    first_row: int = 0
    first_column: int = 0

    def point(self, row: int, column: int, share: tuple[float, float] = (0.5, 0.5)) -> tuple[float, float]:
        """A point inside of a cell; `share` is how far across and down."""
        return (
            self.margin + (column - self.first_column + share[0]) * self.cell,
            self.margin + (row - self.first_row + share[1]) * self.cell,
        )


class Visit:
    """One visit of the page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        for name in (
            "result",
            "sentence",
            "call",
            "ribbon",
            "loupe",
            "readout",
            "help",
            "scrub",
            "play",
            "controls",
        ):
            setattr(self, name, page.locator(f"#{name}"))
        self.place = page.locator("#readout b")
        self.forward = page.get_by_role("button", name="One step forward")
        self.back = page.get_by_role("button", name="One step back")

    result: Locator
    sentence: Locator
    call: Locator
    ribbon: Locator
    loupe: Locator
    readout: Locator
    help: Locator
    scrub: Locator
    play: Locator
    controls: Locator

    def open(self, query: str = "") -> "Visit":
        """Returns when the scripts have taken over: only they know the framework's shapes."""
        self.page.goto(f"{self.url}/{query}")
        self.page.locator("#input-shape span").wait_for(state="attached")
        self.drawn()
        return self

    def intercept(self, pattern: str | re.Pattern[str], handler: Callable[[Route], None]) -> None:
        """Hands over what an open page asks from now on.

        `route` alone returns before the browser has told the page, whose next request may still get through.
        """
        self.page.route("**/healthz", lambda route: route.fulfill(status=204))
        self.page.route(pattern, handler)
        self.page.wait_for_function(INTERCEPTED)
        self.page.unroute("**/healthz")

    def drawn(self) -> None:
        """What was decided before this call is on the canvases after it."""
        self.page.evaluate(TWO_FRAMES)

    def read(self) -> dict[str, Any]:
        """Every number on the page at one moment."""
        read: dict[str, Any] = self.page.evaluate(READ)
        return read

    def at(self, row: int, column: int) -> None:
        self.drawn()  # most steps are over by then; `expect` looks, then sleeps for a tenth of a second
        expect(self.place).to_have_text(f"row {row}, column {column}")

    def where(self) -> tuple[int, int]:
        _, row, _, column = self.place.inner_text().replace(",", "").split()
        return int(row), int(column)

    def shows(self, convolution: Convolution) -> None:
        """Waits for the shapes of this convolution."""
        height, width, channels = convolution.image.shape
        rows, columns = convolution.kernel.shape
        expect(self.page.locator("#input-shape b")).to_have_text(f"{height} × {width} × {channels}")
        expect(self.page.locator("#kernel-shape b")).to_have_text(f"{rows} × {columns} × {channels}")
        down, across = convolution.output_size
        expect(self.page.locator("#output-shape b")).to_have_text(f"{down} × {across} × 1")

    def check(self, convolution: Convolution) -> tuple[int, int]:
        """Holds every number of the present position against NumPy, once it is there.

        Returns row and column of the output.
        """
        self.shows(convolution)
        row, column = self.where()
        expect(self.result).to_have_text(shown(convolution.sum(row, column)))
        read = self.read()
        assert read["readout"] == f"row {row}, column {column}"
        down, across = convolution.output_size
        count = f"{shown(row * across + column + 1)} of {shown(down * across)}"
        assert read["count"] == count
        assert read["scrub"] == f"row {row}, column {column}, {count}"
        assert f"Window at row {row}, column {column}." in read["labels"][0]
        assert f"{count} cells computed" in read["labels"][1]
        assert read["result"] == shown(convolution.sum(row, column))
        assert read["terms"] == [shown(value) for value in convolution.channel_sums(row, column)]
        assert read["bias"] == shown(convolution.bias, 4)
        assert read["taps"] == table(convolution, row, column, read["pressed"])
        assert read["signs"][-1] == "="
        self._check_sentence(convolution, row, column, read["sentence"].replace("\u00a0", " "))
        return row, column

    def _check_sentence(self, convolution: Convolution, row: int, column: int, said: str) -> None:
        taps = convolution.taps(row, column, 0)
        rows, columns = (taps[0].row, taps[-1].row), (taps[0].column, taps[-1].column)
        assert f"The window covers {spelled('row', *rows)} and {spelled('column', *columns)}." in said
        products, total = convolution.products(row, column).size, shown(convolution.sum(row, column))
        assert f"{products} products add up to {total}" in said
        padded = sum(tap.padding for tap in taps)
        if padded:
            assert ("One cell is padding" if padded == 1 else f"{padded} cells are padding") in said
        else:
            assert "padding" not in said

    # Hands

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def other_theme(self) -> str:
        """Switches, whatever is open, and says to which."""
        theme: str = self.page.evaluate(OTHER_THEME)
        self.drawn()
        return theme

    def open_picker(self, name: str) -> Locator:
        """`name`: image, kernel or output."""
        self.page.locator(f"#{name}-button").click()
        popup = self.page.locator(f"#{name}-picker")
        expect(popup).to_be_visible()
        return popup

    def choose_padding(self, title: str) -> None:
        self.call.get_by_role("button", name="padding").click()
        self.page.get_by_role("option", name=title).click()
        expect(self.page.locator("#padding-picker")).to_be_hidden()

    def token(self, name: str) -> Locator:
        return self.call.get_by_role("spinbutton", name=name, exact=True)

    def set_token(self, name: str, value: int) -> None:
        token = self.token(name)
        for _ in range(16):
            now = int(token.inner_text())
            if now == value:
                return
            token.press("ArrowUp" if now < value else "ArrowDown")
            expect(token).to_have_attribute("aria-valuenow", str(now + (1 if now < value else -1)))
        raise AssertionError(f"{name} does not become {value}")

    def upload(self, content: bytes, name: str = "photo.png", kind: str = "image/png") -> None:
        with self.page.expect_file_chooser() as chooser:
            self.open_picker("image").get_by_role("button", name="Choose file").click()
        chooser.value.set_files({"name": name, "mimeType": kind, "buffer": content})
        expect(self.page.locator("#image-picker")).to_be_hidden()  # it closes itself once it has the file

    def choose_preset(self, title: str) -> None:
        self.open_picker("kernel").get_by_role("button", name=title, exact=True).click()
        self.press("Escape")

    def choose_source(self, title: str) -> None:
        self.open_picker("image").get_by_role("group", name="Samples").get_by_role(
            "button", name=title
        ).click()

    def lesson(self) -> None:
        """The article's matrix, every cell of which is large enough to print."""
        self.choose_source("1 to 16")
        expect(self.page.locator("#input-shape b")).to_have_text("4 × 4 × 1")

    def transfer(self, content: bytes, name: str, kind: str) -> JSHandle | ElementHandle:
        """A DataTransfer with one file."""
        return self.page.evaluate_handle(DATA_TRANSFER, [name, kind, base64.b64encode(content).decode()])

    # Pictures

    def figure(self, name: str, convolution: Convolution) -> Figure:
        """The cells of "input" or "output" of this convolution, which must be shown whole."""
        self.shows(convolution)
        self.drawn()
        measured = self.page.locator(f"#{name}-figure").evaluate(FIGURE)
        (top, bottom), (left, right) = convolution.pads if name == "input" else ((0, 0), (0, 0))
        height, width = convolution.image.shape[:2] if name == "input" else convolution.output_size
        cell = measured["width"] / (width + left + right)
        assert abs(cell - measured["height"] / (height + top + bottom)) < 0.01, "cells are square"
        return Figure(measured["margin"], cell, -top, -left)

    def pixel(self, canvas: str, x: float, y: float) -> tuple[int, int, int, int]:
        """Red, green, blue, alpha at a point in CSS pixels of the canvas."""
        red, green, blue, alpha = self.page.locator(canvas).evaluate(PIXEL, [x, y])
        return red, green, blue, alpha

    def canvases(self) -> list[str]:
        """The figures as they are drawn, to compare with another time."""
        self.drawn()
        figures = ("#input-still", "#input-live", "#output-still", "#output-live", "#loupe")
        return [self.page.locator(figure).evaluate("(canvas) => canvas.toDataURL()") for figure in figures]

    def colours(self, canvas: str) -> int:
        """How many different colours are on it; 1 on a blank canvas."""
        count: int = self.page.locator(canvas).evaluate(COLOURS)
        return count


def spelled(word: str, low: int, high: int) -> str:
    return f"{word} {index(low)}" if low == high else f"{word}s {index(low)} to {index(high)}"


def table(convolution: Convolution, row: int, column: int, channel: int) -> list[list[str]]:
    """The rows of the loupe's table."""
    tags = ["R", "G", "B"] if convolution.image.shape[2] == 3 else ["sum"]
    return [
        [
            tags[channel],
            f"row {index(tap.row)}, column {index(tap.column)}{', padding' if tap.padding else ''}",
            shown(tap.value),
            shown(tap.weight, 3),
            shown(tap.product),
        ]
        for tap in convolution.taps(row, column, channel)
    ]
