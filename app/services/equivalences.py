"""Other ways to the same output, with the arrays on the way, within the limits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from app.answers import CountsOut, EquivalenceOut, EquivalencesOut, PlaneOut, StageOut
from app.arrays import Array
from app.errors import RefusedError
from app.schemas import EquivalencesRequest
from app.services.inputs import Inputs
from app.services.planning import Plan, Planner
from app.settings import Settings
from engine.axes import AxisGeometry
from engine.equivalences import (
    depthwise_then_pointwise,
    flipped,
    im2col,
    narrowed,
    narrowed_transposed,
    padded_input,
    separable,
    space_to_batch,
    transposed_as_convolution,
    two_passes,
    zero_stuffed,
)
from engine.errors import EngineError
from engine.ops import run, work
from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D

# As many outputs of about the operation's own size are computed.
_RUNS = 12
# Planes of all channels are shown up to here, else those of one.
_MOST_PLANES = 8
_TOLERANCE = 1e-5
Kind = Literal["cells", "weights", "sums"]


@dataclass
class _Way:
    """What there is to one of the ways; `output` [1, height, width, 1] is compared with the operation's."""

    output: Array
    stages: list[StageOut] = field(default_factory=list)
    counts: CountsOut | None = None

    def add(self, name: str, kind: Kind, sentence: str, *planes: Array, labels: Sequence[str] = ()) -> None:
        named = labels or [""] * len(planes)
        self.stages.append(
            StageOut(
                name=name,
                kind=kind,
                sentence=sentence,
                planes=[_plane_out(label, one) for label, one in zip(named, planes, strict=True)],
            )
        )

    def add_channels(self, name: str, sentence: str, sums: Array, channel: int, each: int) -> None:
        """`sums`, [height, width, channels * each]: of all channels, or where they are many, of `channel`."""
        count = sums.shape[2]
        of = range(count) if count <= _MOST_PLANES else range(channel * each, (channel + 1) * each)
        labels = [
            ", ".join([str(index // each)] * (count > each) + [str(index % each)] * (each > 1))
            for index in of
        ]
        self.add(name, "sums", sentence, *(sums[:, :, index] for index in of), labels=labels)


class Equivalences:
    """Finds other ways."""

    def __init__(self, inputs: Inputs, planner: Planner, settings: Settings) -> None:
        self._inputs = inputs
        self._planner = planner
        self._settings = settings

    def find(self, request: EquivalencesRequest) -> EquivalencesOut:
        """RefusedError or EngineError naming the field and the numbers."""
        found = self._inputs.read(request.input)
        plan = self._planner.plan(request.operation, found.shape)
        for name, value, count in (
            ("batch", request.batch, plan.batch),
            ("out_channel", request.out_channel, plan.out_channels),
            ("channel", request.channel, plan.group_channels),
        ):
            if value >= count:
                raise RefusedError(name, f"must be from 0 to {count - 1}; got {value}", value)
        self._check(plan)
        cells = found.array[request.batch : request.batch + 1]
        match plan.spec:
            case Conv2D() | DepthwiseConv2D():
                ways = _of_convolution(plan.spec, cells, request.out_channel, request.channel)
            case Conv2DTranspose():
                ways = _of_transposed(plan.spec, cells, request.out_channel, request.channel)
            case _:
                ways = []
        return EquivalencesOut(equivalences=list(ways))

    def _check(self, plan: Plan) -> None:
        """Everything that is computed, and everything that is written out, is bounded before."""
        y, x = plan.geometry.y, plan.geometry.x
        padded = y.line_size * x.line_size
        taps = plan.group_channels * y.kernel_size * x.kernel_size
        kernels = min(plan.out_channels, y.kernel_size * x.kernel_size)
        planes = 2 * min(_MOST_PLANES, plan.group_channels * kernels)
        values = plan.geometry.positions * (taps + _RUNS + planes) + _RUNS * padded
        if isinstance(y, AxisGeometry) and isinstance(x, AxisGeometry):
            values += 2 * y.span * x.span
        for what, amount, most in (
            ("values in the answer", values, self._settings.json_values),
            (
                "multiply-adds",
                _RUNS * work(plan.spec, plan.geometry, plan.in_channels),
                self._settings.work,
            ),
        ):
            if amount > most:
                raise RefusedError("operation", f"would need {amount} {what}; the limit is {most}")


def _of_convolution(
    spec: Conv2D | DepthwiseConv2D, whole: Array, out_channel: int, channel: int
) -> Iterable[EquivalenceOut]:
    conv, cells = narrowed(spec, whole, out_channel)
    output = run(conv, cells)
    weights = conv.kernel[:, :, channel, 0]
    padded = padded_input(conv, cells)[0, :, :, channel]
    dilated = max(conv.dilations) > 1

    def start(output: Array) -> _Way:
        way = _Way(output)
        way.add("padded", "cells", f"The input, padded to {_size(padded)}.", padded)
        return way

    def stuffed() -> _Way:
        _refuse(not dilated, "dilations", "there are no gaps between the taps to fill with zeros")
        found = zero_stuffed(conv)
        way = start(run(found.convolution, cells))
        way.add("kernel", "weights", "The kernel.", weights)
        way.add("stuffed", "weights", "Zeros where the dilation skips.", found.kernel[:, :, channel, 0])
        way.add("output", "sums", "The same output without dilation.", way.output[0, :, :, 0])
        return way

    def batched() -> _Way:
        _refuse(not dilated, "dilations", "without dilation there is one block, the input itself")
        found = space_to_batch(conv, cells)
        (block_y, block_x), (height, width) = found.block, found.blocks.shape[1:3]
        labels = [f"{y}, {x}" for y in range(block_y) for x in range(block_x)]
        way = _Way(found.output)
        way.add(
            "padded",
            "cells",
            f"The input, padded to {_size(found.padded[0])}.",
            found.padded[0, :, :, channel],
        )
        way.add(
            "blocks",
            "cells",
            f"Every {block_y}. row and every {block_x}. column: {len(labels)} inputs of {height} × {width}.",
            *found.blocks[..., channel],
            labels=labels,
        )
        way.add("kernel", "weights", "The kernel, without gaps.", weights)
        way.add(
            "convolved",
            "sums",
            "Each under the kernel without gaps.",
            *found.convolved[..., 0],
            labels=labels,
        )
        way.add("output", "sums", "Put back where they came from.", found.output[0, :, :, 0])
        return way

    def matrix() -> _Way:
        found = im2col(conv, cells)
        rows, columns = found.matrix.shape[1:]
        way = start(found.output)
        way.add("matrix", "cells", f"Each window as a row: {rows} × {columns}.", found.matrix[0])
        way.add("weights", "weights", "The kernel as a column, in tap order.", found.weights[0])
        way.add("product", "sums", "Their product, a number for each row.", found.product[0])
        way.add("output", "sums", "Folded back into rows, with the bias.", found.output[0, :, :, 0])
        return way

    def passes() -> _Way:
        plain = replace(conv, bias=None, activation=None)
        found = two_passes(_each_channel(plain), cells)
        sums = found.output.astype(np.float64).sum(axis=3, keepdims=True)
        ones = np.ones((1, 1, 1, 1), np.float32)
        ends = Conv2D(ones, conv.bias, padding="VALID", activation=conv.activation)
        way = start(run(ends, sums.astype(np.float32)))
        height, width = conv.kernel_size
        channels = conv.group_channels
        way.counts = CountsOut(
            parameters=(height + width) * channels,
            parameters_direct=conv.kernel.size,
            multiplications=found.multiplications,
            multiplications_direct=found.multiplications_direct,
        )
        way.add("kernel", "weights", "The kernel, whose rank is 1.", weights)
        way.add("column", "weights", "A column.", found.columns[channel][:, np.newaxis])
        way.add_channels("between", "Down the columns.", found.between[0], channel, 1)
        way.add("row", "weights", "Times a row.", found.rows[channel][np.newaxis, :])
        way.add("output", "sums", "Then along the rows, and the channels added up.", way.output[0, :, :, 0])
        return way

    def pointwise() -> _Way:
        if isinstance(spec, DepthwiseConv2D):
            raise EngineError("operation", None, "it is depthwise already; a pointwise one can follow it")
        depthwise, mixing, found = depthwise_then_pointwise(spec, whole)
        multiplier = depthwise.kernel.shape[3]
        way = start(found.output[..., out_channel : out_channel + 1])
        way.counts = CountsOut(
            parameters=found.parameters,
            parameters_direct=found.parameters_full,
            multiplications=found.multiplications,
            multiplications_direct=found.multiplications_full,
        )
        labels = [str(index) for index in range(multiplier)] if multiplier > 1 else [""]
        way.add(
            "depthwise",
            "weights",
            f"{multiplier} kernels for each channel." if multiplier > 1 else "A kernel for each channel.",
            *depthwise.kernel[:, :, channel].transpose(2, 0, 1),
            labels=labels,
        )
        way.add_channels("between", "Every channel by itself.", found.between[0], channel, multiplier)
        way.add("pointwise", "weights", "A weight for each of them.", mixing.kernel[0, :, :, out_channel])
        way.add("output", "sums", "Mixed by a kernel of 1 × 1.", way.output[0, :, :, 0])
        return way

    yield _way(
        "zero_stuffed", "Zeros in the kernel", "A dilated kernel is a larger one with zeros.", output, stuffed
    )
    yield _way(
        "space_to_batch",
        "Space to batch",
        "A dilated convolution is a plain one over every r-th cell.",
        output,
        batched,
    )
    yield _way(
        "im2col", "A product of matrices", "Windows as rows, kernels as columns (im2col).", output, matrix
    )
    two = _way("separable", "Two passes", "A kernel of rank 1 is a column times a row.", output, passes)
    two.singular_values = separable(weights).singular_values.tolist()
    yield two
    yield _turned(conv, cells, output, weights, start)
    yield _way(
        "depthwise_pointwise",
        "Depthwise, then pointwise",
        "Every channel by itself, and then mixed by a kernel of 1 × 1.",
        output,
        pointwise,
    )


def _of_transposed(
    spec: Conv2DTranspose, whole: Array, out_channel: int, channel: int
) -> Iterable[EquivalenceOut]:
    conv, cells = narrowed_transposed(spec, whole, out_channel)
    output = run(conv, cells)
    weights = conv.kernel[:, :, 0, channel]

    def convolved() -> _Way:
        found = transposed_as_convolution(conv, cells)
        way = _Way(found.output)
        stuffed = "Zeros between the cells of the input."
        way.add("stuffed", "cells", stuffed, found.stuffed[0, :, :, channel])
        way.add(
            "padded", "cells", "Padded by the span less one, less the crop.", found.padded[0, :, :, channel]
        )
        way.add("turned", "weights", "The kernel, turned by 180 degrees.", found.kernel[:, :, channel, 0])
        way.add("output", "sums", "A convolution of stride 1.", found.output[0, :, :, 0])
        return way

    yield _way(
        "transposed_as_convolution",
        "A convolution of the stuffed input",
        "To stamp is to slide the turned kernel over the input with zeros in it.",
        output,
        convolved,
    )
    yield _turned(conv, cells, output, weights, _Way)


def _turned(
    conv: Conv2D | Conv2DTranspose,
    cells: Array,
    output: Array,
    weights: Array,
    start: Callable[[Array], _Way],
) -> EquivalenceOut:
    def turn() -> _Way:
        found = flipped(conv)
        way = start(run(found.convolution, cells))
        other = run(replace(conv, flip_kernel=not conv.flip_kernel), cells)
        flips = "true convolution" if found.convolution.flip_kernel else "cross-correlation"
        way.add("kernel", "weights", "The kernel.", weights)
        way.add("other", "sums", f"A {flips} with it gives other numbers.", other[0, :, :, 0])
        way.add("turned", "weights", "The kernel, turned by 180 degrees.", weights[::-1, ::-1])
        way.add("output", "sums", f"A {flips} with that gives the same.", way.output[0, :, :, 0])
        return way

    return _way(
        "turned",
        "Correlation and convolution",
        "One is the other with the kernel turned by 180 degrees.",
        output,
        turn,
    )


def _each_channel(conv: Conv2D) -> DepthwiseConv2D:
    """The kernel of one output channel, over each input channel by itself."""
    return DepthwiseConv2D(
        conv.kernel,
        None,
        conv.strides,
        conv.dilations,
        conv.padding,
        padding_mode=conv.padding_mode,
        flip_kernel=conv.flip_kernel,
    )


def _refuse(condition: bool, name: str, reason: str) -> None:
    if condition:
        raise EngineError(name, None, reason)


def _way(name: str, title: str, sentence: str, output: Array, make: Callable[[], _Way]) -> EquivalenceOut:
    """`make`'s way; or why there is none."""
    try:
        way = make()
    except EngineError as error:
        return EquivalenceOut(
            name=name,
            title=title,
            sentence=sentence,
            refusal=error.reason.rstrip("."),
            holds=None,
            stages=[],
            counts=None,
            singular_values=None,
        )
    # Infinities of the input are legal, and so are the NaN that follow from them.
    scale = float(np.nan_to_num(np.abs(output), posinf=0).max(initial=1.0))
    holds = np.allclose(way.output, output, rtol=_TOLERANCE, atol=_TOLERANCE * scale, equal_nan=True)
    return EquivalenceOut(
        name=name,
        title=title,
        sentence=sentence,
        refusal=None,
        holds=holds,
        stages=way.stages,
        counts=way.counts,
        singular_values=None,
    )


def _plane_out(label: str, values: Array) -> PlaneOut:
    # Adding 0 makes a plain zero of a negative one.
    return PlaneOut(label=label, values=(values.astype(np.float64) + 0.0).tolist())


def _size(cells: Array) -> str:
    return f"{cells.shape[0]} × {cells.shape[1]}"
