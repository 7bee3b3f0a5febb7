"""Outputs as PNG: palettes, the numbers their ends stand for, and sheets of tiles."""

import io
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.images.palettes import Palette, painted, scale_of, signed_colours
from app.services.pictures import View, arrange
from tests.app.serving import Served, serve

RANDOM = np.random.default_rng(11)
GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "signed-palette.json").read_text("utf-8"))
PAPER, BLUE, RED = ([*bytes.fromhex(colour)] for colour in ("fbf8f1", "0f3560", "6f1f0a"))


def asked(values: np.ndarray) -> dict[str, Any]:
    """An output that is `values` [batch, height, width, channels] themselves."""
    kernel = np.eye(values.shape[3])[np.newaxis, np.newaxis]
    return {
        "input": {"values": values.tolist()},
        "operation": {"type": "conv2d", "kernel": kernel.tolist(), "padding": "VALID"},
    }


def answered(server: Served, values: np.ndarray, **params: Any) -> httpx.Response:
    answer = server.client.post("/api/v1/outputs", json=asked(values), params={"format": "png", **params})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return answer


def pixels(answer: httpx.Response) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(answer.content)))


def legend(answer: httpx.Response) -> tuple[str, float, float]:
    name, low, high = (answer.headers[f"x-convloupe-{part}"] for part in ("palette", "minimum", "maximum"))
    return name, float(low), float(high)


def greys(values: np.ndarray, low: float, high: float) -> np.ndarray:
    return np.rint((values - low) / (high - low) * 255)


class TestPalettes:
    def test_signed_is_the_pages(self) -> None:
        assert [f"#{bytes(colour).hex()}" for colour in signed_colours()] == GOLDEN

    def test_signed_goes_from_blue_over_paper_to_red(self, server: Served) -> None:
        values = np.array([[-8.0, 0.0, 4.0], [8.0, -1.5, -0.0]])[np.newaxis, ..., np.newaxis]
        answer = answered(server, values, palette="signed")
        picture = pixels(answer)
        assert picture.shape == (2, 3, 3)
        assert picture[[0, 0, 1, 1], [0, 1, 0, 2]].tolist() == [BLUE, PAPER, RED, PAPER]
        # 4 is half way up: gamma .75 puts it at the .5 ** .75 of the stops.
        assert picture[0, 2].tolist() == [*bytes.fromhex(GOLDEN[512 + 256][1:])]
        assert legend(answer) == ("signed", -8.0, 8.0)
        assert "x-convloupe-tiles" not in answer.headers

    @pytest.mark.parametrize(("sign", "end"), [(1, RED), (-1, BLUE)])
    def test_signed_is_symmetric_whichever_side_is_longer(
        self, server: Served, sign: int, end: list[int]
    ) -> None:
        values = sign * np.array([[0.25, 3.75, -1.0]])[np.newaxis, ..., np.newaxis]
        answer = answered(server, values, palette="signed")
        assert legend(answer) == ("signed", -3.75, 3.75)
        assert pixels(answer)[0, 1].tolist() == end

    def test_signed_zeros_are_paper(self, server: Served) -> None:
        answer = answered(server, np.zeros((1, 2, 3, 1)), palette="signed")
        assert legend(answer) == ("signed", -1.0, 1.0)
        assert (pixels(answer) == PAPER).all()

    def test_the_legend_of_the_others(self, server: Served) -> None:
        values = np.array([[-10.0, 300.0, 40.5]])[np.newaxis, ..., np.newaxis]
        stretched = answered(server, values)
        assert legend(stretched) == ("min_max", -10.0, 300.0)
        assert np.array_equal(pixels(stretched), greys(values[0, ..., 0], -10, 300))
        clipped = answered(server, values, palette="clip")
        assert legend(clipped) == ("clip", 0.0, 255.0)
        assert pixels(clipped).tolist() == [[0, 255, 40]]

    def test_the_legend_has_all_the_digits(self, server: Served) -> None:
        values = np.array([[0.1, 1 / 3]])[np.newaxis, ..., np.newaxis]
        answer = answered(server, values)
        assert legend(answer)[1:] == (float(np.float32(0.1)), float(np.float32(1 / 3)))

    def test_an_unknown_palette(self, server: Served) -> None:
        answer = server.client.post(
            "/api/v1/outputs?format=png&palette=viridis", json=asked(np.ones((1, 1, 1, 1)))
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "palette"

    @given(
        st.lists(st.floats(width=32), min_size=1, max_size=40),
        st.sampled_from(["signed", "min_max", "clip"]),
    )
    @settings(max_examples=200, deadline=None)
    def test_any_numbers_have_a_colour_and_keep_their_order(
        self, numbers: list[float], palette: Palette
    ) -> None:
        values = np.sort(np.array(numbers, np.float32))
        scale = scale_of(values, palette)
        assert np.isfinite([scale.minimum, scale.maximum]).all()
        colours = painted(values, scale)
        known = colours[~np.isnan(values)].astype(int)
        if palette == "signed":
            assert colours.shape == (*values.shape, 3)
            # From blue to paper it gets lighter, from there to red darker; each colour is rounded by itself.
            numbered = values[~np.isnan(values)]
            light = known.sum(axis=1)
            assert (np.diff(light[numbered <= 0]) >= -2).all()
            assert (np.diff(light[numbered >= 0]) <= 2).all()
        else:
            assert (np.diff(known) >= 0).all()

    def test_what_is_painted_in_parts_is_the_same(self) -> None:
        planar = RANDOM.normal(0, 90, (2, 3, 311, 401)).astype(np.float32)
        values = np.moveaxis(planar, 1, 3)  # as the engine lays outputs out; more than is painted at once
        low, high = float(values.min()), float(values.max())
        assert np.array_equal(
            painted(values, scale_of(values, "min_max")), greys(values.astype(float), low, high)
        )


def sheet(tiles: list[list[np.ndarray | None]]) -> np.ndarray:
    """Tiles [height, width, colours], or None, laid one by one onto a transparent sheet."""
    first = tiles[0][0]
    assert first is not None
    height, width, colours = first.shape
    rows, columns = len(tiles), len(tiles[0])
    found = np.zeros((rows * (height + 1) - 1, columns * (width + 1) - 1, colours + 1))
    for row, line in enumerate(tiles):
        for column, tile in enumerate(line):
            if tile is not None:
                at = found[row * (height + 1) :, column * (width + 1) :][:height, :width]
                at[..., :-1], at[..., -1] = tile, 255
    return found


class TestSheets:
    @pytest.mark.parametrize(
        ("channels", "grid"),
        [
            (2, [[0, 1]]),
            (4, [[0, 1], [2, 3]]),
            (5, [[0, 1, 2], [3, 4, None]]),
            (7, [[0, 1, 2], [3, 4, 5], [6, None, None]]),
        ],
    )
    def test_channels_are_laid_out_row_by_row_on_one_scale(
        self, server: Served, channels: int, grid: list[list[int | None]]
    ) -> None:
        values = RANDOM.integers(-90, 90, (1, 4, 6, channels)).astype(float)
        answer = answered(server, values)
        low, high = values.min(), values.max()
        assert legend(answer) == ("min_max", low, high)
        expected = sheet(
            [
                [None if n is None else greys(values[0, ..., [n]].transpose(1, 2, 0), low, high) for n in row]
                for row in grid
            ]
        )
        assert np.array_equal(pixels(answer), expected)
        assert answer.headers["x-convloupe-tiles"] == f"{len(grid)} x {len(grid[0])}"

    def test_batch_items_are_rows(self, server: Served) -> None:
        values = RANDOM.integers(-90, 90, (3, 4, 5, 2)).astype(float)
        answer = answered(server, values, palette="clip")
        expected = sheet(
            [
                [np.clip(values[item, ..., [channel]], 0, 255).transpose(1, 2, 0) for channel in range(2)]
                for item in range(3)
            ]
        )
        assert np.array_equal(pixels(answer), expected)
        assert answer.headers["x-convloupe-tiles"] == "3 x 2"

    def test_batch_items_of_three_channels_are_colour_pictures(self, server: Served) -> None:
        values = RANDOM.integers(0, 256, (2, 4, 5, 3)).astype(float)
        answer = answered(server, values, palette="clip")
        assert np.array_equal(pixels(answer), sheet([[values[0]], [values[1]]]))
        assert answer.headers["x-convloupe-tiles"] == "2 x 1"

    def test_three_channels_are_no_colour_when_each_has_a_sign(self, server: Served) -> None:
        values = RANDOM.integers(-90, 90, (1, 4, 5, 3)).astype(float)
        values[0, 1, 2, 0], values[0, 3, 4, 1] = 100, -100
        answer = answered(server, values, palette="signed")
        assert answer.headers["x-convloupe-tiles"] == "2 x 2"
        picture = pixels(answer)
        assert picture.shape == (9, 11, 4)
        assert picture[1, 2].tolist() == [*RED, 255]
        assert picture[3, 6 + 4].tolist() == [*BLUE, 255]
        alpha = picture[..., 3]
        assert not alpha[4].any()
        assert not alpha[:, 5].any()
        assert not alpha[5:, 6:].any()
        assert (alpha == 255).sum() == 3 * 4 * 5

    def test_one_channel_of_all_items_and_all_channels_of_one(self, server: Served) -> None:
        values = RANDOM.integers(-90, 90, (2, 4, 5, 6)).astype(float)
        one_channel = answered(server, values, out_channel=5)
        assert one_channel.headers["x-convloupe-tiles"] == "2 x 1"
        assert legend(one_channel)[1:] == (values[..., 5].min(), values[..., 5].max())
        one_item = answered(server, values, batch=1)
        assert one_item.headers["x-convloupe-tiles"] == "2 x 3"
        assert legend(one_item)[1:] == (values[1].min(), values[1].max())
        both = answered(server, values, batch=1, out_channel=4)
        assert "x-convloupe-tiles" not in both.headers
        chosen = values[1, ..., 4]
        assert np.array_equal(pixels(both), greys(chosen, chosen.min(), chosen.max()))

    @pytest.mark.parametrize(
        ("choice", "field"),
        [
            ("out_channel=6", "out_channel"),
            ("out_channel=-1", "out_channel"),
            ("batch=2", "batch"),
            ("batch=-1&out_channel=0", "batch"),
            ("batch=x", "batch"),
        ],
    )
    def test_a_choice_out_of_range(self, server: Served, choice: str, field: str) -> None:
        answer = server.client.post(f"/api/v1/outputs?format=png&{choice}", json=asked(np.ones((2, 4, 5, 6))))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field

    def test_a_sheet_has_a_limit(self, tmp_path: Path) -> None:
        values = np.ones((1, 4, 5, 4))
        most = (2 * 4 + 1) * (2 * 5 + 1)
        with serve(tmp_path, image_pixels=most) as served:
            assert pixels(answered(served, values)).shape == (9, 11, 2)
            answer = served.client.post("/api/v1/outputs?format=png", json=asked(np.ones((1, 4, 6, 4))))
            assert answer.status_code == 422
            problem = answer.json()
            assert problem["errors"][0]["field"] == "out_channel"
            assert "2 x 2 tiles of 4 x 6 would have 117 pixels; the limit is 99" in problem["detail"]
            assert pixels(answered(served, np.ones((1, 4, 6, 4)), out_channel=2)).shape == (4, 6)

    @given(st.integers(1, 3000), st.integers(1, 9))
    @settings(max_examples=100, deadline=None)
    def test_the_grid_is_as_square_as_can_be(self, channels: int, batch: int) -> None:
        found = arrange(View(palette="signed"), (batch, 1, 1, channels), 10**9)
        if batch > 1:
            assert (found.rows, found.columns) == (batch, channels)
        else:
            assert (found.rows - 1) * found.columns < channels <= found.rows * found.columns
            assert 0 <= found.columns - found.rows <= 1
