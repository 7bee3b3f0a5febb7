"""POST /outputs and POST /geometry, against plain NumPy."""

import base64
import io
import time
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image

from app.arrays import from_npy_file
from app.errors import RefusedError
from tests.app import oracle
from tests.app.serving import Served

RANDOM = np.random.default_rng(7)
IMAGE = RANDOM.integers(-9, 10, (2, 7, 5, 3))  # NHWC, every side different
KERNEL = RANDOM.integers(-3, 4, (2, 4, 3, 6))  # HWIO


def conv2d(image: Any, kernel: Any, strides: Any, dilations: Any, pads: Any, bias: Any = 0) -> np.ndarray:
    """NHWC -> NHWC, float64."""
    kernel = np.asarray(kernel)
    outputs = []
    for item in np.asarray(image):
        rows = oracle.windows(item, *kernel.shape[:2], strides, dilations, pads)
        sums = rows @ oracle.tap_weights(kernel) + bias
        height = (item.shape[0] + sum(pads[0]) - (kernel.shape[0] - 1) * dilations[0] - 1) // strides[0] + 1
        outputs.append(sums.reshape(height, -1, kernel.shape[3]))
    return np.array(outputs)


@pytest.mark.parametrize(
    ("padding", "strides", "expected"),
    [
        ("SAME", [1, 1], oracle.SAME),
        ("VALID", [1, 1], oracle.VALID),
        ("SAME", [2, 2], oracle.SAME_STRIDE_2),
    ],
)
@pytest.mark.parametrize("weights", [{"filter": "vertical_edge"}, {"kernel": oracle.VERTICAL_EDGE}])
def test_the_articles_matrices(
    server: Served, weights: dict[str, Any], padding: str, strides: list[int], expected: list[list[int]]
) -> None:
    operation = {"type": "conv2d", "padding": padding, "strides": strides} | weights
    output = server.output(input={"values": oracle.ARTICLE.tolist()}, operation=operation)
    assert output["layout"] == "HWC"
    assert output["shape"] == [*np.shape(expected), 1]
    assert np.array(output["values"])[..., 0].tolist() == expected


@pytest.mark.parametrize("strides", [[1, 1], [2, 3]])
@pytest.mark.parametrize("dilations", [[1, 1], [3, 1]])
@pytest.mark.parametrize("padding", ["SAME", "VALID", [[1, 2], [0, 3]]])
def test_any_geometry_against_numpy(
    server: Served, padding: Any, strides: list[int], dilations: list[int]
) -> None:
    bias = [1, -2, 3, -4, 5, -6]
    pads: Any = padding
    if padding == "VALID":
        pads = [(0, 0), (0, 0)]
    elif padding == "SAME":
        pads = [
            oracle.same_pads(IMAGE.shape[1 + axis], KERNEL.shape[axis], strides[axis], dilations[axis])
            for axis in (0, 1)
        ]
    expected = conv2d(IMAGE, KERNEL, strides, dilations, pads, bias)
    request = {
        "input": {"values": IMAGE.tolist()},
        "operation": {
            "type": "conv2d",
            "kernel": KERNEL.tolist(),
            "bias": bias,
            "strides": strides,
            "dilations": dilations,
            "padding": padding,
        },
    }
    output = server.output(**request)
    assert output["layout"] == "NHWC"
    assert output["shape"] == list(expected.shape)
    assert np.array_equal(output["values"], expected)
    shape = {"input_shape": list(IMAGE.shape), "operation": request["operation"]}
    geometry = server.client.post("/api/v1/geometry", json=shape).json()
    assert geometry["output_shape"] == list(expected.shape)
    (top, bottom), (left, right) = pads
    assert geometry["pads"] == {"top": top, "bottom": bottom, "left": left, "right": right}


def test_the_geometry_of_one_axis_in_full(server: Served) -> None:
    operation = {
        "type": "conv2d",
        "kernel": [[1] * 2] * 3,
        "strides": [4, 5],
        "dilations": [2, 1],
        "padding": [[1, 0], [0, 0]],
    }
    geometry = server.client.post(
        "/api/v1/geometry", json={"input_shape": [11, 8], "operation": operation}
    ).json()
    assert geometry["y"] == {
        "input_size": 11,
        "kernel_size": 3,
        "stride": 4,
        "dilation": 2,
        "span": 5,
        "pad_before": 1,
        "pad_after": 0,
        "output_size": 2,
        "leftover": 3,
        "never_read": [0, 2, 4, 6, 8, 9, 10],
        "taps": {"first": -1, "stride": 4, "offsets": [0, 2, 4]},
        "formula": "⌊(11 + 1 + 0 − 5) ÷ 4⌋ + 1 = 2",
        "overhang": 0,
        "padding_mode": "zeros",
    }
    assert geometry["positions"] == 4
    assert geometry["output_shape"] == [1, 2, 2, 1]
    # Rows 1, 3, 5, 7 are read; columns 0, 1, 5, 6: of 11 x 8 cells 16 are.
    assert geometry["cells_never_read"] == 11 * 8 - 4 * 4


@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
@pytest.mark.parametrize("form", ["values", "npy"])
def test_the_answer_has_the_layout_of_the_input(server: Served, layout: str, form: str) -> None:
    axes = (0, 1, 2, 3) if layout == "NHWC" else (0, 3, 1, 2)
    given = np.ascontiguousarray(IMAGE.transpose(axes)).astype(np.float32)
    expected = conv2d(IMAGE, KERNEL, (1, 1), (1, 1), ((0, 0), (0, 0))).transpose(axes)
    output = server.output(
        input={form: given.tolist() if form == "values" else npy(given), "layout": layout},
        operation={"type": "conv2d", "kernel": KERNEL.tolist(), "padding": "VALID"},
    )
    assert output["layout"] == layout
    assert np.array_equal(output["values"], expected)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64", ">f4", "<u4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_of_any_real_dtype_and_order(server: Served, dtype: str, order: Any) -> None:
    image = RANDOM.integers(0, 200, (6, 5, 3)).astype(dtype, order=order)
    output = server.output(
        input={"npy": npy(image)}, operation={"type": "conv2d", "kernel": KERNEL.tolist(), "padding": "VALID"}
    )
    expected = conv2d(image[np.newaxis].astype(float), KERNEL, (1, 1), (1, 1), ((0, 0), (0, 0)))[0]
    assert output["layout"] == "HWC"
    assert np.array_equal(output["values"], expected)


@pytest.mark.parametrize("dtype", ["<i4", ">u4", "<i8", ">i8", "<u8"])
def test_of_an_array_of_whole_numbers_those_are_taken_that_float32_has(dtype: str) -> None:
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    near = [sign * (odd << shift) + by for sign in (-1, 1) for odd in (1, 3, 2**24 - 1, 2**24 + 1)
            for shift in (0, 1, 7, 39, 62) for by in (-1, 0, 1)]  # fmt: skip
    for value in (low, high, 0, *near):
        if not low <= value <= high:
            continue
        file = io.BytesIO()
        np.save(file, np.array([[1, value]], dtype))
        if int(np.float32(value)) == value:
            assert from_npy_file(file.getvalue(), "npy", most=9)[0, 1] == value
        else:
            with pytest.raises(
                RefusedError, match="has a whole number that float32 cannot hold exactly"
            ) as refused:
                from_npy_file(file.getvalue(), "npy", most=9)
            assert refused.value.value == value


def test_large_whole_numbers_take_no_longer_than_small_ones() -> None:
    file = io.BytesIO()
    np.save(file, np.full((2000, 2000), 2**30, np.int32))
    began = time.monotonic()
    from_npy_file(file.getvalue(), "npy", most=2**22)
    assert time.monotonic() - began < 2


def test_the_kernels_own_layouts(server: Served) -> None:
    request: dict[str, Any] = {"input": {"values": IMAGE.tolist()}}
    expected = server.output(**request, operation={"type": "conv2d", "kernel": KERNEL.tolist()})["values"]
    oihw = np.ascontiguousarray(KERNEL.transpose(3, 2, 0, 1))
    for kernel in (oihw.tolist(), {"npy": npy(oihw)}):
        operation = {"type": "conv2d", "kernel": kernel, "kernel_layout": "OIHW"}
        assert server.output(**request, operation=operation)["values"] == expected


def test_a_flat_kernel_reads_every_channel_and_sums(server: Served) -> None:
    flat = [[1, 2, -3]]
    spread = [[[[weight]] * 3 for weight in flat[0]]]
    operation = {"type": "conv2d", "padding": "VALID"}
    one, other = (
        server.output(input={"values": IMAGE.tolist()}, operation=operation | {"kernel": kernel})
        for kernel in (flat, spread)
    )
    assert one == other
    assert one["values"][1][2][0][0] == sum(np.array(flat[0]) @ IMAGE[1, 2, :3])


@pytest.mark.parametrize("by", [{"headers": {"accept": "application/x-npy"}}, {"params": {"format": "npy"}}])
def test_npy(server: Served, by: dict[str, Any]) -> None:
    body = {
        "input": {"values": IMAGE.tolist()},
        "operation": {"type": "conv2d", "kernel": KERNEL.tolist(), "padding": "VALID"},
    }
    answer = server.client.post("/api/v1/outputs", json=body, **by)
    assert answer.headers["content-type"] == "application/x-npy"
    array = np.load(io.BytesIO(answer.content))
    assert array.dtype == np.float32
    assert np.array_equal(array, conv2d(IMAGE, KERNEL, (1, 1), (1, 1), ((0, 0), (0, 0))))


class TestPng:
    values = (np.arange(12).reshape(3, 4) * 30 - 100).tolist()
    body: ClassVar[dict[str, Any]] = {
        "input": {"values": values},
        "operation": {"type": "conv2d", "filter": "identity"},
    }

    def png(self, server: Served, body: dict[str, Any], **params: Any) -> Image.Image:
        answer = server.client.post(
            "/api/v1/outputs", json=body, params=params, headers={"accept": "image/png"}
        )
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "image/png"
        return Image.open(io.BytesIO(answer.content))

    def test_the_range_is_stretched(self, server: Served) -> None:
        picture = self.png(server, self.body)
        assert picture.mode == "L"
        assert np.array_equal(picture, np.rint(np.arange(12).reshape(3, 4) * 255 / 11))

    def test_or_clipped(self, server: Served) -> None:
        assert np.array_equal(self.png(server, self.body, palette="clip"), np.clip(self.values, 0, 255))

    def test_a_constant_is_black(self, server: Served) -> None:
        picture = self.png(server, self.body | {"input": {"values": [[7, 7, 7], [7, 7, 7]]}})
        assert np.array_equal(picture, np.zeros((2, 3)))

    def test_three_channels_are_a_colour_picture(self, server: Served) -> None:
        channels = np.dstack([np.add(self.values, more) for more in (0, 50, 100)])
        kernel = np.eye(3).reshape(1, 1, 3, 3)
        body = {
            "input": {"values": channels.tolist()},
            "operation": {"type": "conv2d", "kernel": kernel.tolist()},
        }
        picture = self.png(server, body, palette="clip")
        assert picture.mode == "RGB"
        assert np.array_equal(picture, np.clip(channels, 0, 255))
        one = self.png(server, body, palette="clip", out_channel=2)
        assert np.array_equal(one, np.clip(channels[..., 2], 0, 255))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("image/*", "image/png"),
        ("text/html, application/x-npy;q=0.5, image/png;q=0.4", "application/x-npy"),
        ("application/json;q=0, image/png", "image/png"),
        ("IMAGE/PNG", "image/png"),
        ("application/json;q=high, application/x-npy;q=0.1", "application/x-npy"),
    ],
)
def test_the_accept_header_chooses(server: Served, accept: str, expected: str) -> None:
    body = {"input": {"values": [[1, 2]]}, "operation": {"type": "conv2d", "filter": "identity"}}
    answer = server.client.post("/api/v1/outputs", json=body, headers={"accept": accept})
    assert answer.headers["content-type"] == expected


def test_fractions_are_answered_as_the_exact_float32(server: Served) -> None:
    output = server.output(
        input={"values": [[0.1, 0.2]]}, operation={"type": "conv2d", "kernel": [[0.7]], "padding": "VALID"}
    )
    expected = np.float32([0.1, 0.2]) * np.float32(0.7)
    assert np.ravel(output["values"]).tolist() == pytest.approx(expected.tolist(), rel=1e-6)
    assert np.array_equal(np.ravel(output["values"]), np.ravel(output["values"]).astype(np.float32))


def npy(array: Any) -> str:
    stream = io.BytesIO()
    np.save(stream, array)
    return base64.b64encode(stream.getvalue()).decode()
