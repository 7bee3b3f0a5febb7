"""What NumPy's, SciPy's and OpenCV's spellings share: padding, strides and dilations as array work."""

from collections.abc import Iterable, Sequence

from engine.axes import AxisGeometry
from engine.frameworks.calls import Note, Part, Sides, Token, each_side, pair, rule, side
from engine.frameworks.pads import NUMPY_MODES, pads
from engine.frameworks.programs import added_bias
from engine.geometry import Geometry
from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D, Operation, Weighted


def overhang(geometry: Geometry) -> tuple[int, int]:
    """Rows and columns by which the last window reaches beyond the padded input."""
    y, x = geometry.y, geometry.x
    return (y.overhang if isinstance(y, AxisGeometry) else 0), (
        x.overhang if isinstance(x, AxisGeometry) else 0
    )


def spans(geometry: Geometry) -> tuple[int, int]:
    """Rows and columns that one window covers."""
    return geometry.y.span, geometry.x.span


def padded(source: Part, sides: Sequence[Part], sized: Sides, how: str = "") -> list[Part]:
    """`source`, batch and channels around it, with those sides; `source` itself where they are all 0.

    Sides that can be changed are shown even where they are 0.
    """
    if not any(sized) and all(isinstance(one, str) for one in sides):
        return [source]
    top, bottom, left, right = sides
    shown: list[Part] = ["((0, 0), (", top, ", ", bottom, "), (", left, ", ", right, "), (0, 0))"]
    return ["np.pad(", source, ", ", *shown, how, ")"]


def filled(spec: Operation, geometry: Geometry, source: Part = "input") -> list[Part]:
    """The input of a convolution that slides, with its padding."""
    sides = pads(geometry)
    mode = spec.padding_mode if isinstance(spec, Conv2D | DepthwiseConv2D) else "zeros"
    how = f", mode='{NUMPY_MODES[mode]}'" if mode in NUMPY_MODES and any(sides) else ""
    return [*padded(source, each_side(spec.padding, sides), sides, how), rule("")]


def hole(first: Part, second: Part, cells: int) -> list[Part]:
    """A 1 in the corner of zeros: np.kron with it puts zeros between the cells of an array."""
    return [f"np.eye(1, {cells}).reshape(1, ", first, ", ", second, ", 1)"]


def stuffed(spec: Conv2DTranspose, geometry: Geometry, source: str = "input") -> list[Part]:
    """The input with zeros between its cells and around them: every stamp is a window of it."""
    y, x = spec.strides
    shown = pair("strides", spec.strides)
    cells: list[Part] = ["np.kron(", source, ", ", *hole(shown[0], shown[2], y * x), ")"]
    if isinstance(geometry.y, AxisGeometry) or isinstance(geometry.x, AxisGeometry):
        raise TypeError("the geometry is not that of a transposed convolution")
    around = []
    for axis in (geometry.y, geometry.x):
        last = axis.crop_before + axis.output_size
        around += [axis.span - 1, max(axis.span - 1, last - axis.input_size * axis.stride)]
    sized = (around[0], around[1], around[2], around[3])
    return padded(cells, [str(number) for number in sized], sized)


def cropped(spec: Conv2DTranspose, geometry: Geometry) -> list[Part]:
    """The slice of all stamps that is the output.

    Its ends are where the stamps end, less what is cropped there, and more by what is added.
    """
    parts: list[Part] = []
    if isinstance(geometry.y, AxisGeometry) or isinstance(geometry.x, AxisGeometry):
        raise TypeError("the geometry is not that of a transposed convolution")
    for index, axis in enumerate((geometry.y, geometry.x)):
        before, last = axis.crop_before, axis.crop_before + axis.output_size
        if spec.padding in ("SAME", "SAME_LOWER") or spec.output_shape is not None:
            parts.append(f", {before}:{last}")
        elif isinstance(spec.padding, str):
            parts += [f", {before}:", Token(str(last), "output_padding", (index,))]
        else:
            given = (*spec.padding[0], *spec.padding[1])
            end = Token(str(last + given[2 * index + 1]), "output_padding", (index,))
            parts += [", ", side(given, 2 * index), ":", end, " - ", side(given, 2 * index + 1)]
    return [*parts, rule("")]


def strided(spec: Operation, geometry: Geometry) -> list[Part]:
    """`::2, ::1`: every so many rows and columns, with an end where there is room for one more window."""
    shown = pair("strides", spec.strides)
    y, x = geometry.y, geometry.x
    ends = [
        str((axis.output_size - 1) * axis.step + 1)
        if isinstance(axis, AxisGeometry) and axis.leftover >= axis.stride
        else ""
        for axis in (y, x)
    ]
    return [f":{ends[0]}:", shown[0], f", :{ends[1]}:", shown[2]]


def dilated(spec: Operation, reverse: str = "") -> list[Part]:
    """`::2, ::1`: every so many rows and columns of a window."""
    shown = pair("dilations", spec.dilations)
    return [f"::{reverse}", shown[0], f", ::{reverse}", shown[2]]


def kernel(spec: Weighted, name: str = "kernel") -> str:
    return f"{name}[::-1, ::-1]" if spec.flip_kernel else name


def finished(spec: Operation, sums: Iterable[Part]) -> list[Part]:
    """The bias added and the activation applied."""
    if not isinstance(spec, Weighted):
        return [*sums]
    bias = added_bias(spec)
    if spec.activation is None:
        return [*sums, bias]
    name = spec.activation
    match name:
        case "relu":
            return ["np.", Token("maximum", "activation"), "(", *sums, bias, ", 0)"]
        case "tanh":
            return ["np.", Token("tanh", "activation"), "(", *sums, bias, ")"]
        case "sigmoid":
            # 1 / (1 + exp(-x)), but that warns of an overflow where x is far below 0.
            inside: list[Part] = ["(", *sums, bias, ")"] if bias else [*sums]
            return ["(1 + np.", Token("tanh", "activation"), "(", *inside, " / 2)) / 2"]


def notes(title: str, spec: Operation) -> tuple[Note, ...]:
    """What is to be said of a library that has windows, and neither strides nor dilations."""
    found = []
    if max(spec.strides) > 1 and not isinstance(spec, Conv2DTranspose):
        found.append(Note("slice_strides", f"{title} has no strides: it computes every window.", "takes"))
    if max(spec.dilations) > 1:
        said = f"{title} has no dilation: the kernel has zeros between its cells."
        found.append(Note("stuffed_kernel", said, "takes"))
    return tuple(found)
