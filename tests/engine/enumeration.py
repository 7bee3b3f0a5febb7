"""What follows from a setting, found by laying windows down and stamping: no formula of the engine's is used.

One axis at a time. A setting that must be refused gives the field and every number the message must name.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.spec import AvgPool2D, Conv2DTranspose, MaxPool2D, Operation
from tests.golden import make

# A field, and the numbers that have to be named.
Reasons = list[tuple[str, list[int]]]

NUMPY_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@dataclass(frozen=True)
class Refused:
    """Any of these may be what is said."""

    reasons: Reasons


@dataclass(frozen=True)
class Axis:
    """sources: for every output cell and tap the input index that is read, or -1; a tap that lies outside of
    the input may read one by the padding mode.
    numbers: other properties of the geometry by their names.
    """

    sources: list[list[int]]
    taps: list[list[int | None]]
    never_read: list[int]
    numbers: dict[str, int]
    inside: list[int] = field(default_factory=list)
    padded: list[int] = field(default_factory=list)
    stamps: list[list[int]] = field(default_factory=list)

    @property
    def output_size(self) -> int:
        return len(self.sources)


def axis(spec: Operation, size: int, index: int) -> Axis | Refused:
    """Axis `index` (0 is y) of `spec` over `size` input cells."""
    padding = spec.padding if isinstance(spec.padding, str) else spec.padding[index]
    stride, dilation = spec.strides[index], spec.dilations[index]
    if isinstance(spec, Conv2DTranspose):
        wanted = None if spec.output_shape is None else spec.output_shape[index]
        extra = spec.output_padding[index]
        return stamped(size, spec.kernel_size[index], stride, dilation, padding, extra, wanted)
    if isinstance(spec, MaxPool2D | AvgPool2D):
        if size == 0:
            return Refused([("input", [1, 0])])
        if spec.kernel_size == "global":
            return slid(size, size, 1, 1, "VALID")
        divides_padding = isinstance(spec, AvgPool2D) and spec.count_include_pad
        return slid(
            size,
            spec.kernel_size[index],
            stride,
            dilation,
            padding,
            ceil=spec.ceil_mode,
            must_read=not divides_padding,
            name="kernel_size",
        )
    return slid(size, spec.kernel_size[index], stride, dilation, padding, mode=spec.padding_mode)


def slid(
    size: int,
    kernel_size: int,
    stride: int,
    dilation: int,
    padding: make.Padding,
    *,
    ceil: bool = False,
    mode: str = "zeros",
    must_read: bool = False,
    name: str = "kernel",
) -> Axis | Refused:
    """A window that slides. must_read: each window has to lie on one input cell at least, as in a pool."""
    before, after = make.pads(size, kernel_size, stride, dilation, padding)
    cells = list(range(-before, size + after))
    offsets = list(range(0, kernel_size * dilation, dilation))
    found = list(make.windows(cells, kernel_size, stride, dilation))
    if not found and ceil and offsets[-1] - stride < len(cells) - 1:
        # Larger than the padded input, but it would not reach its end from one stride further up.
        found = [[offset - before for offset in offsets]]
    if not found:
        return Refused([(name, [offsets[-1] + 1, len(cells)])])
    if ceil and found[-1][-1] < cells[-1]:
        found.append([found[-1][0] + stride + offset for offset in offsets])
    if ceil and found[-1][0] >= size:
        found.pop()
    reasons: Reasons = []
    reads = {cell: cell if 0 <= cell < size else -1 for window in found for cell in window}
    if mode != "zeros":
        longest = max(before, after)
        most = {"reflect": size - 1, "replicate": longest if size else 0, "circular": size}[mode]
        if longest > most:
            reasons.append(("padding", [size, longest]))
        else:
            padded = np.pad(np.arange(size), (before, after), NUMPY_MODES[mode])  # type: ignore[call-overload]
            reads = dict(zip(cells, padded.tolist(), strict=True))
    sources = [[reads[cell] for cell in window] for window in found]
    if must_read:
        reasons += [
            ("padding", [position, found[position][0], found[position][-1], size])
            for position, window in enumerate(sources)
            if max(window) < 0
        ][:1]
    if reasons:
        return Refused(reasons)
    read = {cell for window in sources for cell in window}
    return Axis(
        sources,
        [list(window) for window in found],
        [cell for cell in range(size) if cell not in read],
        {
            "input_size": size,
            "kernel_size": kernel_size,
            "stride": stride,
            "dilation": dilation,
            "span": offsets[-1] + 1,
            "pad_before": before,
            "pad_after": after,
            "padded_size": len(cells),
            "output_size": len(found),
            "leftover": len([cell for cell in cells if cell > found[-1][-1]]),
            "overhang": len([cell for cell in range(found[-1][-1] + 1) if cell > cells[-1]]),
        },
        inside=[len([cell for cell in window if 0 <= cell < size]) for window in found],
        padded=[len([cell for cell in window if cells[0] <= cell <= cells[-1]]) for window in found],
    )


def _trimmed(
    size: int, stride: int, dilation: int, canvas: range, padding: str, extra: int, wanted: int | None
) -> tuple[list[int], Reasons]:
    """The cells of a SAME or SAME_LOWER output: one is cut off at a time, from alternate ends, or added."""
    reasons: Reasons = [("output_padding", [extra, size, stride])] if extra else []
    length = len([None for _ in range(size) for _ in range(stride)]) if wanted is None else wanted
    if padding == "SAME":
        legal = [one for one in range(1, size * stride + 1) if len(range(0, one, stride)) == size]
    else:
        longest = len(canvas) + len(range(1, max(stride, dilation)))
        legal = list(range(1, max(longest, size * stride) + 1))
    if length not in legal:
        reasons.append(("output_shape", [legal[0], legal[-1], length]))
    output = list(canvas)
    from_end = padding == "SAME"
    while len(output) > length:
        output.pop(-1 if from_end else 0)
        from_end = not from_end
    while len(output) < length:
        output.append(len(output))
    return output, reasons


def _cut(
    stride: int, dilation: int, canvas: range, sides: tuple[int, int], extra: int, wanted: int | None
) -> tuple[list[int], Reasons]:
    """The cells of an output from which pads are cut, and which is grown at the end."""
    before, after = sides
    extras = range(max(stride, dilation))
    reasons: Reasons = [] if extra in extras else [("output_padding", [stride, dilation, extra])]
    grown = {more: list(range(before, len(canvas) - after + more)) for more in (*extras, extra)}
    lengths = [len(grown[more]) for more in extras if grown[more]]
    output = grown[extra]
    if not lengths or (wanted is None and not output):
        reasons.append(("padding", [before, after, len(canvas)]))
    elif wanted is not None and wanted not in lengths:
        reasons.append(("output_shape", [min(lengths), max(lengths), wanted]))
    elif wanted is not None:
        [output] = [cells for more, cells in grown.items() if more in extras and len(cells) == wanted]
    return output, reasons


def stamped(
    size: int,
    kernel_size: int,
    stride: int,
    dilation: int,
    padding: make.Padding,
    extra: int = 0,
    wanted: int | None = None,
) -> Axis | Refused:
    """A kernel stamped for every input cell, and the result cropped or grown to the output.

    The output's cells are written as coordinates of the uncropped canvas; -1 is a cell before its first.
    """
    if size == 0:
        return Refused([("input", [1, 0])])
    places = [[cell * stride + tap * dilation for tap in range(kernel_size)] for cell in range(size)]
    canvas = range(max(max(stamp) for stamp in places) + 1)
    if padding in ("SAME", "SAME_LOWER"):
        output, reasons = _trimmed(size, stride, dilation, canvas, str(padding), extra, wanted)
    else:
        sides = (0, 0) if isinstance(padding, str) else padding
        output, reasons = _cut(stride, dilation, canvas, sides, extra, wanted)
    if wanted is not None and extra:
        reasons.append(("output_padding", [extra, wanted]))
    if reasons:
        return Refused(reasons)
    # Stamps of cells that are not there, on both sides: what a tap outside of the input would read.
    around = range(-places[0][-1], output[-1] // stride + 1)
    by_place: dict[tuple[int, int], int] = {
        (cell * stride + tap * dilation, tap): cell for cell in around for tap in range(kernel_size)
    }
    taps = [[by_place.get((place, tap)) for tap in range(kernel_size)] for place in output]
    stamps = [[place - output[0] for place in stamp] for stamp in places]
    reached = {cell for cell, stamp in enumerate(places) if set(stamp) & set(output)}
    return Axis(
        [[-1 if cell is None or not 0 <= cell < size else cell for cell in window] for window in taps],
        taps,
        [cell for cell in range(size) if cell not in reached],
        {
            "input_size": size,
            "kernel_size": kernel_size,
            "stride": stride,
            "dilation": dilation,
            "span": places[0][-1] + 1,
            "full_size": len(canvas),
            "crop_before": output[0],
            "crop_after": len(canvas) - 1 - output[-1],
            "output_size": len(output),
        },
        stamps=stamps,
    )


def both(spec: Operation, height: int, width: int) -> tuple[Axis, Axis]:
    """Both axes of a setting that is known to be legal."""
    y, x = axis(spec, height, 0), axis(spec, width, 1)
    assert isinstance(y, Axis)
    assert isinstance(x, Axis)
    return y, x
