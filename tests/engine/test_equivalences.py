"""Every other way ends in the same output, and every array on the way is what its docstring says.

All numbers are small integers, so that equal means equal; the oracle is numpy.pad and plain loops.
"""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from engine import ops
from engine.equivalences import (
    depthwise_separable,
    flipped,
    im2col,
    separable,
    space_to_batch,
    transposed_as_convolution,
    two_passes,
    zero_stuffed,
)
from engine.errors import EngineError
from engine.presets import FILTERS
from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D
from tests.engine.plain import MODES, Array
from tests.golden import make

same = np.testing.assert_array_equal


def padded_by_numpy(conv: Conv2D | DepthwiseConv2D, inputs: Array) -> Array:
    pads = [
        make.pads(
            inputs.shape[1 + axis],
            conv.kernel.shape[axis],
            conv.strides[axis],
            conv.dilations[axis],
            conv.padding if isinstance(conv.padding, str) else conv.padding[axis],
        )
        for axis in (0, 1)
    ]
    return np.pad(inputs, [(0, 0), *pads, (0, 0)], MODES[conv.padding_mode])


def windows_of(conv: Conv2D | DepthwiseConv2D, inputs: Array) -> Array:
    """[batch, output_height, output_width, kernel_height, kernel_width, channels], float64."""
    padded = padded_by_numpy(conv, inputs).astype(np.float64)
    height, width = conv.kernel.shape[:2]
    (stride_y, stride_x), (dilation_y, dilation_x) = conv.strides, conv.dilations
    rows = range(0, padded.shape[1] - (height - 1) * dilation_y, stride_y)
    columns = range(0, padded.shape[2] - (width - 1) * dilation_x, stride_x)
    return np.array(
        [
            [
                [
                    item[y : y + height * dilation_y : dilation_y, x : x + width * dilation_x : dilation_x]
                    for x in columns
                ]
                for y in rows
            ]
            for item in padded
        ]
    )


def direct(conv: Conv2D | DepthwiseConv2D, inputs: Array) -> Array:
    """The output by its definition, an output channel at a time."""
    found = windows_of(conv, inputs)
    kernel = np.rot90(conv.kernel, 2) if conv.flip_kernel else conv.kernel
    planes = []
    for out_channel in range(conv.out_channels):
        if isinstance(conv, Conv2D):
            depth = conv.kernel.shape[2]
            first = out_channel // (conv.out_channels // conv.groups) * depth
            terms = found[..., first : first + depth] * kernel[..., out_channel]
        else:
            channel, index = divmod(out_channel, conv.kernel.shape[3])
            terms = found[..., channel : channel + 1] * kernel[:, :, channel : channel + 1, index]
        planes.append(terms.sum(axis=(3, 4, 5)) + (0 if conv.bias is None else conv.bias[out_channel]))
    output = np.stack(planes, axis=-1)
    return np.maximum(output, 0) if conv.activation == "relu" else output


def stamped(spec: Conv2DTranspose, inputs: Array, crop: Any, size: tuple[int, int]) -> Array:
    """The output by stamping; crop: (top, left)."""
    output = np.zeros((len(inputs), *size, spec.out_channels))
    kernel = np.rot90(spec.kernel, 2) if spec.flip_kernel else spec.kernel
    height, width, outs, _ = kernel.shape
    for y, x, tap_y, tap_x in np.ndindex(*inputs.shape[1:3], height, width):
        row = y * spec.strides[0] + tap_y * spec.dilations[0] - crop[0]
        column = x * spec.strides[1] + tap_x * spec.dilations[1] - crop[1]
        if 0 <= row < size[0] and 0 <= column < size[1]:
            for channel in range(spec.in_channels):
                group = channel // (spec.in_channels // spec.groups)
                products = inputs[:, y, x, channel, np.newaxis] * kernel[tap_y, tap_x, :, channel]
                output[:, row, column, group * outs : (group + 1) * outs] += products
    if spec.bias is not None:
        output += spec.bias
    return np.maximum(output, 0) if spec.activation == "relu" else output


@st.composite
def convolutions(draw: Any, strides: bool = True, depthwise: bool | None = None) -> tuple[Any, Array]:
    """A convolution of small integers, and an input that it fits."""
    number = st.integers(1, 3)
    pair = st.tuples(number, number)
    pads = st.tuples(st.integers(0, 4), st.integers(0, 4))
    batch, height, width = draw(st.tuples(number, st.integers(1, 8), st.integers(1, 9)))
    groups, ins, outs = draw(st.integers(1, 2)), draw(number), draw(number)
    source = np.random.default_rng(draw(st.integers(0, 2**32)))
    common: dict[str, Any] = {
        "strides": draw(pair) if strides else (1, 1),
        "dilations": draw(st.tuples(st.integers(1, 4), st.integers(1, 4))),
        "padding": draw(st.sampled_from(["SAME", "SAME_LOWER", "VALID", "FULL"]) | st.tuples(pads, pads)),
        "padding_mode": draw(st.sampled_from([*MODES])),
        "flip_kernel": draw(st.booleans()),
        "activation": draw(st.sampled_from([None, "relu"])),
    }
    kernel_size = draw(pair)
    if draw(st.booleans()) if depthwise is None else depthwise:
        kernel, bias = source.integers(-4, 5, (*kernel_size, ins, outs)), source.integers(-9, 10, ins * outs)
        conv: Any = DepthwiseConv2D(kernel, draw(st.sampled_from([None, bias])), **common)
    else:
        kernel = source.integers(-4, 5, (*kernel_size, ins, groups * outs))
        bias = draw(st.sampled_from([None, source.integers(-9, 10, groups * outs)]))
        conv = Conv2D(kernel, bias, groups=groups, **common)
    inputs: Array = source.integers(0, 256, (batch, height, width, conv.in_channels), dtype=np.uint8)
    if draw(st.booleans()):
        inputs = inputs.astype(np.float32) - 128
    try:
        ops.empty(conv, inputs.shape)
    except EngineError:
        assume(False)
    return conv, inputs


@given(asked=convolutions(strides=False))
@runs(max_examples=80, deadline=None)
def test_space_to_batch(asked: tuple[Any, Array]) -> None:
    conv, inputs = asked
    found = space_to_batch(conv, inputs)
    (block_y, block_x), count = conv.dilations, len(inputs)
    padded = padded_by_numpy(conv, inputs)
    extra = [-padded.shape[1] % block_y, -padded.shape[2] % block_x]
    assert (found.block, list(found.extra)) == (conv.dilations, extra)
    if conv.padding == "SAME":
        totals = [(conv.kernel.shape[axis] - 1) * conv.dilations[axis] for axis in (0, 1)]
        assert [sum(pair) for pair in found.pads] == totals
    same(found.padded, np.pad(padded, [(0, 0), (0, extra[0]), (0, extra[1]), (0, 0)]), strict=True)
    assert len(found.blocks) == len(found.convolved) == block_y * block_x * count
    assert (found.convolution.dilations, found.convolution.padding) == ((1, 1), "VALID")
    assert found.convolution.padding_mode == "zeros"
    for row, column, item in np.ndindex(block_y, block_x, count):
        block = (row * block_x + column) * count + item
        same(found.blocks[block], found.padded[item, row::block_y, column::block_x])
        same(found.convolved[block], found.joined[item, row::block_y, column::block_x])
    same(found.convolved, direct(found.convolution, found.blocks))
    height, width = found.output.shape[1:3]
    assert found.joined.shape[1:3] == (height + extra[0], width + extra[1])
    same(found.output, found.joined[:, :height, :width])
    same(found.output, direct(conv, inputs))
    same(found.output, ops.run(conv, inputs))


def test_space_to_batch_refuses_strides() -> None:
    with pytest.raises(EngineError, match=r"strides: .*\[1, 2\]"):
        space_to_batch(Conv2D(np.ones((3, 3, 1, 1)), strides=(1, 2), dilations=(2, 2)), np.ones((1, 9, 8, 1)))


@given(asked=convolutions())
@runs(max_examples=50, deadline=None)
def test_a_zero_stuffed_kernel(asked: tuple[Any, Array]) -> None:
    conv, inputs = asked
    found = zero_stuffed(conv)
    (height, width), (dilation_y, dilation_x) = conv.kernel.shape[:2], conv.dilations
    assert found.kernel.shape[:2] == ((height - 1) * dilation_y + 1, (width - 1) * dilation_x + 1)
    for y, x in np.ndindex(found.kernel.shape[:2]):
        on_tap = y % dilation_y == 0 and x % dilation_x == 0
        same(found.kernel[y, x], conv.kernel[y // dilation_y, x // dilation_x] if on_tap else 0)
    assert found.convolution.dilations == (1, 1)
    same(found.convolution.kernel, found.kernel)
    same(ops.run(found.convolution, inputs), direct(conv, inputs))


@given(asked=convolutions())
@runs(max_examples=50, deadline=None)
def test_im2col(asked: tuple[Any, Array]) -> None:
    conv, inputs = asked
    found = im2col(conv, inputs)
    laid = windows_of(conv, inputs)
    depth = 1 if isinstance(conv, DepthwiseConv2D) else conv.kernel.shape[2]
    kernel = np.rot90(conv.kernel, 2) if conv.flip_kernel else conv.kernel
    assert found.matrix.dtype == inputs.dtype
    assert len(found.matrix) == len(found.weights) == len(found.product) == conv.groups
    for group in range(conv.groups):
        of_group = laid[..., group * depth : (group + 1) * depth]
        same(found.matrix[group], of_group.transpose(0, 1, 2, 5, 3, 4).reshape(-1, conv.taps))
        outs = conv.out_channels // conv.groups
        weights = kernel[:, :, group] if depth == 1 and isinstance(conv, DepthwiseConv2D) else None
        if weights is None:
            weights = kernel[..., group * outs : (group + 1) * outs].transpose(2, 0, 1, 3)
        same(found.weights[group], weights.reshape(conv.taps, outs))
        same(found.product[group], found.matrix[group].astype(np.float64) @ found.weights[group])
    same(found.output, direct(conv, inputs))
    same(found.output, ops.run(conv, inputs), strict=True)


def is_of_rank_one(kernel: Array) -> bool:
    """By definition, and exactly for integers: every 2x2 minor is zero."""
    height, width = kernel.shape
    return all(
        kernel[a, c] * kernel[b, d] == kernel[a, d] * kernel[b, c]
        for a, b, c, d in np.ndindex(height, height, width, width)
    )


@given(data=st.data())
@runs(max_examples=100, deadline=None)
def test_separable_kernels_of_integers(data: st.DataObject) -> None:
    number = st.integers(-3, 3)
    height, width = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 5)))
    column = data.draw(st.lists(number, min_size=height, max_size=height))
    row = data.draw(st.lists(number, min_size=width, max_size=width))
    kernel = np.outer(column, row)
    y, x = data.draw(st.tuples(st.integers(0, height - 1), st.integers(0, width - 1)))
    kernel[y, x] += data.draw(st.integers(0, 1))
    found = separable(kernel)
    assert found.singular_values.shape == (min(height, width),)
    assert np.sum(found.singular_values**2) == pytest.approx(np.sum(kernel**2))
    assert (found.column is not None) == (found.row is not None) == is_of_rank_one(kernel)
    if found.column is not None and found.row is not None:
        assert (found.column.shape, found.row.shape) == ((height,), (width,))
        same(np.outer(found.column, found.row), kernel)
        assert not found.singular_values[1:].any()
        assert found.row.sum() >= 0
        # A zero is shown without a sign.
        assert not any(np.signbit(part[part == 0]).any() for part in (found.column, found.row))
        if kernel.any():
            assert np.gcd.reduce(found.row.astype(int)) == 1


@pytest.mark.parametrize(
    ("name", "column", "row"),
    [
        ("sobel_x", [1, 2, 1], [-1, 0, 1]),
        ("sobel_y", [-1, 0, 1], [1, 2, 1]),
        ("scharr_x", [3, 10, 3], [-1, 0, 1]),
        ("gaussian_3", [1 / 16, 2 / 16, 1 / 16], [1, 2, 1]),
        ("motion_blur", [np.float32(0.2)], [1, 1, 1, 1, 1]),
        ("laplacian", None, None),
        ("line_diagonal", None, None),
    ],
)
def test_separable_presets(name: str, column: list[float] | None, row: list[float] | None) -> None:
    found = separable(FILTERS[name].kernel)
    assert (None if found.column is None else found.column.tolist()) == column
    assert (None if found.row is None else found.row.tolist()) == row


def test_separable_kernels_of_fractions() -> None:
    source = np.random.default_rng(6)
    for height, width in [(3, 5), (7, 4), (11, 15)]:
        exact = np.outer(source.standard_normal(height), source.standard_normal(width))
        found = separable(exact)
        assert found.column is not None
        assert found.row is not None
        largest = np.abs(exact).max()
        np.testing.assert_allclose(np.outer(found.column, found.row), exact, rtol=0, atol=1e-6 * largest)
        assert np.abs(found.row).max() == 1
        spoiled = exact.copy()
        spoiled[1, 2] += 1e-4 * found.singular_values[0]
        assert separable(spoiled).row is None


def test_a_kernel_of_zeros_is_separable() -> None:
    found = separable(np.zeros((2, 3)))
    assert found.column is not None
    assert found.row is not None
    same(np.outer(found.column, found.row), np.zeros((2, 3)))


@pytest.mark.parametrize("kernel", [[1, 2, 3], [[[1]]], [[np.nan]], [[]]])
def test_what_is_no_kernel_is_refused(kernel: Any) -> None:
    with pytest.raises(EngineError) as refused:
        separable(kernel)
    assert refused.value.field == "kernel"


@given(asked=convolutions(depthwise=True), as_groups=st.booleans(), seed=st.integers(0, 2**32))
@runs(max_examples=50, deadline=None)
def test_two_passes(asked: tuple[Any, Array], as_groups: bool, seed: int) -> None:
    drawn, inputs = asked
    height, width, channels, multiplier = drawn.kernel.shape
    source = np.random.default_rng(seed)
    columns, rows = (source.integers(-3, 4, (channels, multiplier, size)) for size in (height, width))
    kernel = np.einsum("cmh,cmw->hwcm", columns, rows)
    conv: Any = replace(drawn, kernel=kernel)
    if as_groups:
        options = {
            field.name: getattr(drawn, field.name) for field in fields(drawn) if field.name != "kernel"
        }
        conv = Conv2D(kernel.reshape(height, width, 1, channels * multiplier), groups=channels, **options)
    found = two_passes(conv, inputs)
    turned = np.rot90(kernel, 2) if conv.flip_kernel else kernel
    for index in range(channels * multiplier):
        outer = np.outer(found.columns[index], found.rows[index])
        same(outer, turned[..., index // multiplier, index % multiplier])
    same(found.first.kernel[:, 0].reshape(height, -1).T, found.columns)
    same(found.second.kernel[0].reshape(width, -1).T, found.rows)
    same(found.between, direct(found.first, inputs))
    same(found.output, direct(found.second, found.between))
    same(found.output, direct(conv, inputs))
    positions, lines = found.output[..., 0].size, found.between[..., 0].size
    assert found.between.shape[2] == inputs.shape[2]
    assert found.multiplications_direct == positions * channels * multiplier * height * width
    assert found.multiplications == channels * multiplier * (lines * height + positions * width)


def test_two_passes_refuse_what_is_no_outer_product() -> None:
    with pytest.raises(EngineError, match=r"kernel: .*channel 1 .*0\.449.*4\.449"):
        two_passes(
            DepthwiseConv2D(np.stack([np.ones((3, 3)), FILTERS["laplacian"].kernel], -1)[:, :, np.newaxis]),
            np.ones((1, 4, 5, 1)),
        )
    with pytest.raises(EngineError, match="reads 2"):
        two_passes(Conv2D(np.ones((3, 3, 2, 1))), np.ones((1, 4, 5, 2)))


@given(asked=convolutions(depthwise=True), outs=st.integers(1, 4), seed=st.integers(0, 2**32))
@runs(max_examples=50, deadline=None)
def test_depthwise_and_pointwise(asked: tuple[Any, Array], outs: int, seed: int) -> None:
    drawn, inputs = asked
    depthwise = replace(drawn, activation=None)
    height, width, channels, multiplier = depthwise.kernel.shape
    source = np.random.default_rng(seed)
    bias = source.integers(-9, 10, outs) if seed % 2 else None
    pointwise = Conv2D(
        source.integers(-3, 4, (1, 1, channels * multiplier, outs)), bias, activation=drawn.activation
    )
    found = depthwise_separable(depthwise, pointwise, inputs)
    for y, x, channel, out in np.ndindex(height, width, channels, outs):
        weight = sum(
            depthwise.kernel[y, x, channel, index] * pointwise.kernel[0, 0, channel * multiplier + index, out]
            for index in range(multiplier)
        )
        assert found.full.kernel[y, x, channel, out] == weight
    same(found.between, direct(depthwise, inputs))
    same(found.output, direct(pointwise, found.between))
    same(found.full_output, direct(found.full, inputs))
    same(found.full_output, found.output)
    positions = found.output[..., 0].size
    assert found.parameters == height * width * channels * multiplier + channels * multiplier * outs
    assert found.parameters_full == height * width * channels * outs
    assert found.multiplications == positions * channels * multiplier * (height * width + outs)
    assert found.multiplications_full == positions * channels * outs * height * width


@pytest.mark.parametrize(
    ("depthwise", "pointwise", "field"),
    [
        ({"activation": "relu"}, {}, "activation"),
        ({}, {"kernel": np.ones((1, 1, 5, 3))}, "kernel"),
        ({}, {"kernel": np.ones((1, 2, 4, 3))}, "kernel"),
        ({}, {"kernel": np.ones((1, 1, 2, 4)), "groups": 2}, "groups"),
        ({}, {"strides": (1, 2)}, "strides"),
        ({}, {"padding": ((0, 0), (0, 1))}, "padding"),
    ],
)
def test_what_is_no_depthwise_and_pointwise_is_refused(depthwise: Any, pointwise: Any, field: str) -> None:
    with pytest.raises(EngineError) as refused:
        depthwise_separable(
            DepthwiseConv2D(np.ones((3, 2, 2, 2)), **depthwise),
            Conv2D(**{"kernel": np.ones((1, 1, 4, 3)), **pointwise}),
            np.ones((1, 5, 6, 2)),
        )
    assert refused.value.field == field


@given(asked=convolutions())
@runs(max_examples=50, deadline=None)
def test_a_turned_kernel_and_a_true_convolution(asked: tuple[Any, Array]) -> None:
    conv, inputs = asked
    found = flipped(conv)
    same(found.kernel, np.rot90(conv.kernel, 2))
    same(found.convolution.kernel, found.kernel)
    assert found.convolution.flip_kernel is not conv.flip_kernel
    same(ops.run(found.convolution, inputs), direct(conv, inputs))


@st.composite
def transposed(draw: Any) -> tuple[Conv2DTranspose, Array, tuple[int, int], tuple[int, int]]:
    """A transposed convolution, its input, where the crop begins and how large the output is."""
    number = st.integers(1, 3)
    pair = st.tuples(number, number)
    strides, dilations, kernel_size = draw(pair), draw(pair), draw(pair)
    batch, height, width = draw(st.tuples(number, st.integers(1, 4), st.integers(1, 5)))
    groups, ins, outs = draw(st.integers(1, 2)), draw(number), draw(number)
    pads = st.tuples(st.integers(0, 4), st.integers(0, 4))
    padding = draw(st.sampled_from(["SAME", "SAME_LOWER", "VALID"]) | st.tuples(pads, pads))
    extra, crop, size = [], [], []
    for axis, cells in enumerate((height, width)):
        full = (cells - 1) * strides[axis] + (kernel_size[axis] - 1) * dilations[axis] + 1
        if padding in ("SAME", "SAME_LOWER"):
            extra.append(0)
            size.append(cells * strides[axis])
            total = max(full - size[-1], 0)
            crop.append(total // 2 if padding == "SAME" else total - total // 2)
        else:
            before, after = (0, 0) if padding == "VALID" else padding[axis]
            extra.append(draw(st.integers(0, max(strides[axis], dilations[axis]) - 1)))
            size.append(full - before - after + extra[-1])
            crop.append(before)
    assume(min(size) > 0)
    source = np.random.default_rng(draw(st.integers(0, 2**32)))
    spec = Conv2DTranspose(
        source.integers(-4, 5, (*kernel_size, outs, groups * ins)),
        draw(st.sampled_from([None, source.integers(-9, 10, groups * outs)])),
        strides,
        dilations,
        padding,
        groups,
        (extra[0], extra[1]),
        flip_kernel=draw(st.booleans()),
        activation=draw(st.sampled_from([None, "relu"])),
    )
    inputs = source.integers(-9, 10, (batch, height, width, groups * ins)).astype(np.float32)
    return spec, inputs, (crop[0], crop[1]), (size[0], size[1])


@given(asked=transposed())
@runs(max_examples=80, deadline=None)
def test_a_transposed_convolution_as_an_ordinary_one(asked: Any) -> None:
    spec, inputs, crop, size = asked
    found = transposed_as_convolution(spec, inputs)
    stride_y, stride_x = spec.strides
    for y, x in np.ndindex(found.stuffed.shape[1:3]):
        on_cell = y % stride_y == 0 and x % stride_x == 0
        same(found.stuffed[:, y, x], inputs[:, y // stride_y, x // stride_x] if on_cell else 0)
    assert found.stuffed.shape[1:3] == tuple(
        (cells - 1) * stride + 1 for cells, stride in zip(inputs.shape[1:3], spec.strides, strict=True)
    )
    widened = np.pad(found.stuffed, [(0, 0), *([max(pad, 0) for pad in pair] for pair in found.pads), (0, 0)])
    cut = [slice(max(-before, 0), -max(-after, 0) or None) for before, after in found.pads]
    same(found.padded, widened[:, cut[0], cut[1]])
    height, width, outs, _ = spec.kernel.shape
    turned = spec.kernel if spec.flip_kernel else np.rot90(spec.kernel, 2)
    depth = spec.in_channels // spec.groups
    for channel, out in np.ndindex(depth, spec.out_channels):
        group, of_group = divmod(out, outs)
        same(found.kernel[:, :, channel, out], turned[:, :, of_group, group * depth + channel])
    assert found.kernel.shape == (height, width, depth, spec.out_channels)
    same(found.convolution.kernel, found.kernel)
    assert (found.convolution.strides, found.convolution.padding) == ((1, 1), "VALID")
    same(found.output, direct(found.convolution, found.padded))
    same(found.output, stamped(spec, inputs, crop, size))
    same(found.output, ops.run(spec, inputs))
    same(ops.run(flipped(spec).convolution, inputs), found.output)
