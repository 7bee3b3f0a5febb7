"""Kernels that are products of smaller ones: column times row, and depthwise times pointwise."""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import ops
from engine.checks import exact_float32
from engine.equivalences.inputs import batch_of, sliding
from engine.errors import EngineError
from engine.geometry import plan
from engine.spec import Conv2D, DepthwiseConv2D

Single = NDArray[np.float32]

# Rounding the weights of a rank-1 kernel to float32 leaves a second singular value of about 4e-8 times the
# first at most, as tried with kernels up to 15 x 15. What is meant to be of rank 2 has far more.
RANK_TOLERANCE = 1e-6

# Up to here whole numbers are nicer to read in a row than fractions.
_LARGEST_WHOLE = 1000


@dataclass(frozen=True, eq=False)
class Separable:
    """Whether a kernel is the outer product of a column and a row.

    singular_values: float64 [min(height, width)], largest first; 0 where no more than rounding is left. The
        kernel is separable where the second is at most RANK_TOLERANCE times the first.
    column: float32 [height]. row: float32 [width]. Both None where the kernel is not separable.
    """

    singular_values: NDArray[np.float64]
    column: Single | None
    row: Single | None


@dataclass(frozen=True, eq=False)
class TwoPasses:
    """A separable convolution as a pass down the columns and a pass along the rows.

    columns, rows: float32 [out_channels, kernel_height] and [out_channels, kernel_width].
    first, second: the two convolutions; the second has the bias and the activation.
    between: float32 [batch, output_height, width, out_channels], after the first.
    output: float32 [batch, output_height, output_width, out_channels].
    multiplications_direct, multiplications: of the one convolution, and of both passes.
    """

    columns: Single
    rows: Single
    first: DepthwiseConv2D
    second: DepthwiseConv2D
    between: Single
    output: Single
    multiplications_direct: int
    multiplications: int


@dataclass(frozen=True, eq=False)
class DepthwiseSeparable:
    """A depthwise and a pointwise convolution, and the full convolution that the two are.

    between: float32 [batch, output_height, output_width, in_channels * multiplier], after the depthwise one.
    output: float32 [batch, output_height, output_width, out_channels].
    full: the one convolution. full_output: float32, what it makes of the input.
    parameters, multiplications: of the two. parameters_full, multiplications_full: of the one. Biases do not
        count.
    """

    between: Single
    output: Single
    full: Conv2D
    full_output: Single
    parameters: int
    parameters_full: int
    multiplications: int
    multiplications_full: int


def separable(kernel: ArrayLike) -> Separable:
    """The test for rank 1 by singular values, and the factors.

    kernel: [height, width], as the kernels of the specs. The row is that of the kernel with the largest
    magnitude, in its smallest whole numbers where they are below 1000, otherwise divided by that magnitude,
    with a sum that is not negative; the column follows from it. So [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]] is
    [1, 2, 1] times [-1, 0, 1], exactly. A kernel of zeros is separable. Raises EngineError for what is not
    such an array.
    """
    weights = exact_float32("kernel", kernel).astype(np.float64)
    if weights.ndim != 2:
        shape = list(weights.shape)
        raise EngineError("kernel", shape, f"must have 2 dimensions [height, width]; its shape is {shape}.")
    values = np.linalg.svd(weights, compute_uv=False).astype(np.float64)
    # What LAPACK leaves there differs between processors (its bound as in numpy.linalg.matrix_rank).
    values[values <= values[:1] * max(weights.shape) * np.finfo(np.float64).eps] = 0
    if len(values) > 1 and values[1] > RANK_TOLERANCE * values[0]:
        return Separable(values, None, None)
    peak_y, peak_x = np.unravel_index(np.argmax(np.abs(weights)), weights.shape)
    # Adding 0 makes a plain zero of a negative one.
    row = weights[peak_y] / (_unit(weights[peak_y]) or 1.0) + 0.0
    column = weights[:, peak_x] / (row[peak_x] or 1.0) + 0.0
    return Separable(values, column.astype(np.float32), row.astype(np.float32))


def two_passes(conv: Conv2D | DepthwiseConv2D, input: NDArray[np.generic]) -> TwoPasses:  # noqa: A002
    """`conv` as two passes of one column and one row per channel.

    For a DepthwiseConv2D, and a Conv2D of as many groups as input channels. Over several channels a kernel is
    a sum, which two passes are not: raises EngineError for those, and where a kernel is not separable.
    """
    if conv.group_channels != 1:
        raise EngineError(
            "kernel",
            list(conv.kernel.shape),
            "two passes are for kernels of one channel: a depthwise convolution, or as many groups as input "
            f"channels; each output channel of this one reads {conv.group_channels}.",
        )
    cells = batch_of(conv, input)
    geometry = plan(conv, cells.shape[1], cells.shape[2])
    y, x = sliding(geometry)
    factors = [_factors(conv, channel) for channel in range(conv.out_channels)]
    columns = np.array([column for column, _ in factors])
    rows = np.array([row for _, row in factors])
    height, width = conv.kernel_size
    stride_y, stride_x = conv.strides
    dilation_y, dilation_x = conv.dilations
    first = DepthwiseConv2D(
        columns.T.reshape(height, 1, conv.in_channels, -1),
        strides=(stride_y, 1),
        dilations=(dilation_y, 1),
        padding=((y.pad_before, y.pad_after), (0, 0)),
        padding_mode=conv.padding_mode,
    )
    second = DepthwiseConv2D(
        rows.T.reshape(1, width, conv.out_channels, 1),
        conv.bias,
        strides=(1, stride_x),
        dilations=(1, dilation_x),
        padding=((0, 0), (x.pad_before, x.pad_after)),
        padding_mode=conv.padding_mode,
        activation=conv.activation,
    )
    between = ops.run(first, cells)
    output = ops.run(second, between)
    return TwoPasses(
        columns=columns,
        rows=rows,
        first=first,
        second=second,
        between=between,
        output=output,
        multiplications_direct=output.size * height * width,
        multiplications=between.size * height + output.size * width,
    )


def depthwise_separable(
    depthwise: DepthwiseConv2D,
    pointwise: Conv2D,
    input: NDArray[np.generic],  # noqa: A002
) -> DepthwiseSeparable:
    """`depthwise` and then `pointwise`, of kernel [1, 1, in_channels * multiplier, out_channels], as one.

    The full kernel is the sum over m of depthwise[:, :, c, m] * pointwise[0, 0, c * multiplier + m, o], in
    float64 and then rounded; biases are composed too. Raises EngineError where the two do not fit, where an
    activation stands between them, and for a `pointwise` with groups, strides or pads.
    """
    _check_pointwise(depthwise, pointwise)
    cells = batch_of(depthwise, input)
    between = ops.run(depthwise, cells)
    output = ops.run(pointwise, between)
    height, width, channels, multiplier = depthwise.kernel.shape
    mixing = pointwise.kernel[0, 0].astype(np.float64)
    kernel = np.einsum(
        "hwcm,cmo->hwco",
        depthwise.kernel.astype(np.float64),
        mixing.reshape(channels, multiplier, pointwise.out_channels),
    )
    bias = np.zeros(pointwise.out_channels) if pointwise.bias is None else pointwise.bias.astype(np.float64)
    if depthwise.bias is not None:
        bias = bias + depthwise.bias.astype(np.float64) @ mixing
    full = Conv2D(
        kernel.astype(np.float32),
        bias.astype(np.float32),
        depthwise.strides,
        depthwise.dilations,
        depthwise.padding,
        padding_mode=depthwise.padding_mode,
        flip_kernel=depthwise.flip_kernel,
        activation=pointwise.activation,
    )
    return DepthwiseSeparable(
        between=between,
        output=output,
        full=full,
        full_output=ops.run(full, cells),
        parameters=depthwise.kernel.size + pointwise.kernel.size,
        parameters_full=full.kernel.size,
        multiplications=between.size * height * width + output.size * pointwise.in_channels,
        multiplications_full=output.size * height * width * channels,
    )


def _unit(row: NDArray[np.float64]) -> float:
    """What makes smallest whole numbers of `row` by division, or else its largest magnitude; 0 for zeros."""
    exact = [Fraction(value) for value in row]
    denominator = lcm(*(value.denominator for value in exact))
    largest = float(np.abs(row).max())
    unit = Fraction(gcd(*(int(value * denominator) for value in exact)), denominator)
    found = float(unit) if largest < _LARGEST_WHOLE * unit else largest
    return -found if row.sum() < 0 else found


def _factors(conv: Conv2D | DepthwiseConv2D, out_channel: int) -> tuple[Single, Single]:
    found = separable(conv.tap_weights[out_channel].reshape(conv.kernel_size))
    if found.column is None or found.row is None:
        raise EngineError(
            "kernel",
            list(conv.kernel.shape),
            f"is not separable: of output channel {out_channel} the second singular value is "
            f"{found.singular_values[1]:.6g}, the first {found.singular_values[0]:.6g}.",
        )
    return found.column, found.row


def _check_pointwise(depthwise: DepthwiseConv2D, pointwise: Conv2D) -> None:
    if depthwise.activation is not None:
        raise EngineError(
            "activation",
            depthwise.activation,
            f"the two are no one convolution with {depthwise.activation} between them.",
        )
    if pointwise.kernel_size != (1, 1) or pointwise.in_channels != depthwise.out_channels:
        raise EngineError(
            "kernel",
            list(pointwise.kernel.shape),
            f"of the pointwise convolution must have shape [1, 1, {depthwise.out_channels}, out_channels], "
            f"not {list(pointwise.kernel.shape)}.",
        )
    if pointwise.groups != 1:
        raise EngineError(
            "groups", pointwise.groups, f"of the pointwise convolution must be 1; got {pointwise.groups}."
        )
    if pointwise.strides != (1, 1):
        strides = list(pointwise.strides)
        raise EngineError("strides", strides, f"of the pointwise convolution must be [1, 1]; got {strides}.")
    if not isinstance(pointwise.padding, str) and pointwise.padding != ((0, 0), (0, 0)):
        pads = [list(pair) for pair in pointwise.padding]
        raise EngineError("padding", pads, f"of the pointwise convolution must be none; got {pads}.")
