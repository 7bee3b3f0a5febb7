"""SciPy's and OpenCV's filters, whose output is mostly as large as their input."""

from collections.abc import Callable, Mapping

from engine.errors import EngineError
from engine.frameworks.pasted.arguments import Arguments, choice, pair_of, written
from engine.frameworks.pasted.reading import Reading
from engine.spec import Padding, PaddingMode

_SIGNAL = ("in1", "in2", "mode", "boundary", "fillvalue")
_FILTER = ("input", "weights", "output", "mode", "cval", "origin")
_FILTER_2D = ("src", "ddepth", "kernel", "dst", "anchor", "delta", "borderType")

_SIZES = ("full", "valid", "same")
_BOUNDARIES: Mapping[str, PaddingMode] = {"fill": "zeros", "wrap": "circular"}
_MODES: Mapping[str, PaddingMode] = {
    "constant": "zeros",
    "grid-constant": "zeros",
    "mirror": "reflect",
    "nearest": "replicate",
    "wrap": "circular",
    "grid-wrap": "circular",
}
_BORDERS: Mapping[str, PaddingMode] = {
    "BORDER_CONSTANT": "zeros",
    "BORDER_REFLECT_101": "reflect",
    "BORDER_REFLECT101": "reflect",
    "BORDER_DEFAULT": "reflect",
    "BORDER_REPLICATE": "replicate",
}
_EACH = "Each channel is filtered by itself with the same kernel."


def _signal(flipped: bool) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        size = choice("mode", given.value("mode", "full"), _SIZES)
        boundary = choice("boundary", given.value("boundary", "fill"), ("fill", "wrap", "symm"))
        if size != "valid" and boundary == "symm":
            raise EngineError("boundary", boundary, "repeats the edge; there is no such padding here.")
        given.refuse("fillvalue", "must be 0.", 0)
        # An even kernel is held at its first half by correlate2d, at its second by convolve2d.
        same: Padding = "SAME_LOWER" if flipped else "SAME"
        reading.fields |= {"type": "conv2d", "padding": same if size == "same" else size.upper()}
        mode = _BOUNDARIES.get(boundary, "zeros")
        if mode != "zeros" and size != "valid":
            reading.fields["padding_mode"] = mode
        reading.plain_source(given.take("in1"))
        reading.weights(given.take("in2"))
        if flipped:
            reading.turn()

    return read


def _filter(flipped: bool) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        given.drop("output")
        mode = given.value("mode", "reflect")
        if mode in ("reflect", "grid-mirror"):
            raise EngineError(
                "mode", mode, "of SciPy repeats the edge; its 'mirror' is the reflect of others."
            )
        found = _MODES[choice("mode", mode, tuple(_MODES))]
        given.refuse("cval", "must be 0.", 0.0)
        given.refuse("origin", "moves the kernel by its size, which is not in the call.", 0)
        # An even kernel is held at its second half by correlate, at its first by convolve.
        padding = "SAME" if flipped else "SAME_LOWER"
        reading.fields |= {"type": "depthwise_conv2d", "padding": padding}
        if found != "zeros":
            reading.fields["padding_mode"] = found
        reading.notes.append(_EACH)
        reading.plain_source(given.take("input"))
        reading.weights(given.take("weights"))
        if flipped:
            reading.turn()

    return read


def _filter_2d(given: Arguments, reading: Reading) -> None:
    given.drop("ddepth", "dst")
    anchor = pair_of("anchor", given.value("anchor", (-1, -1)))
    if anchor != (-1, -1):
        raise EngineError("anchor", anchor, "is counted in a kernel whose size is not in the call.")
    node = given.take("borderType")
    border = "BORDER_DEFAULT" if node is None else written(node).removeprefix("cv2.")
    mode = _BORDERS[choice("borderType", border, tuple(_BORDERS))]
    reading.fields |= {"type": "depthwise_conv2d", "padding": "SAME_LOWER"}
    if mode != "zeros":
        reading.fields["padding_mode"] = mode
    reading.notes.append(_EACH)
    reading.plain_source(given.take("src"))
    reading.weights(given.take("kernel"))
    reading.bias_of(given.take("delta"))


CALLS: Mapping[str, tuple[tuple[str, ...], Callable[[Arguments, Reading], None]]] = {
    "signal.correlate2d": (_SIGNAL, _signal(flipped=False)),
    "signal.convolve2d": (_SIGNAL, _signal(flipped=True)),
    "ndimage.correlate": (_FILTER, _filter(flipped=False)),
    "ndimage.convolve": (_FILTER, _filter(flipped=True)),
    "cv2.filter2D": (_FILTER_2D, _filter_2d),
}
