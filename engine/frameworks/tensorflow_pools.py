"""TensorFlow's pools, and how it writes sides."""

from collections.abc import Iterable
from dataclasses import replace

from engine.frameworks import calls
from engine.frameworks.calls import Call, Note, Part, Sides, each_side, pair, rule, text, tokens
from engine.frameworks.pads import is_plain, laid_pads, overhangs, pads, with_window
from engine.geometry import Geometry
from engine.spec import AvgPool2D, MaxPool2D, Padding


def padding_rule(padding: Padding, sides: Sides) -> list[Part]:
    """The value of the argument `padding`: a name, or all sides."""
    if padding in ("SAME", "VALID"):
        return [rule(f"'{padding}'")]
    return [*all_sides(padding, sides), rule("")]


def all_sides(padding: Padding, sides: Sides) -> list[Part]:
    """Batch, rows, columns and channels; where sides were asked for, each is a number to change."""
    top, bottom, left, right = each_side(padding, sides)
    return ["[[0, 0], [", top, ", ", bottom, "], [", left, ", ", right, "], [0, 0]]"]


def pool(spec: MaxPool2D | AvgPool2D, geometry: Geometry) -> Call:
    if isinstance(spec, AvgPool2D):
        return _average(with_window(spec, geometry), geometry)
    return _largest(with_window(spec, geometry), geometry)


def _largest(spec: MaxPool2D, geometry: Geometry) -> Call:
    sides = laid_pads(geometry)
    dilated = max(spec.dilations) > 1
    notes = []
    if overhangs(geometry):
        said = "TensorFlow has no ceil mode: what the last window overhangs is padded."
        notes.append(Note("no_ceil", said, "takes"))
    source: list[Part] = ["input"]
    padding = padding_rule(spec.padding, sides)
    if sides != pads(geometry):
        padding = [*all_sides(spec.padding, sides), rule("")]
    if dilated and is_plain(sides):
        padding = _unpadded(spec, source)
    height, width = geometry.y.kernel_size, geometry.x.kernel_size
    too_long = max(sides[:2]) >= height or max(sides[2:]) >= width
    if not is_plain(sides) and (dilated or too_long):
        # tf.nn.pool would fill with zeros, and max_pool2d refuses pads as long as its window.
        source = ["tf.pad(input, ", *all_sides(spec.padding, sides), ", constant_values=-np.inf)"]
        padding = _valid(spec)
        said = "TensorFlow pads a pool by less than its window, and one with dilations not at all."
        notes.append(Note("padded_pool", said, "takes"))
    call = _called(spec, geometry, source, padding)
    if not _refused(spec):
        return Call(tokens(*call), tuple(notes))
    every = _every(spec, geometry, text(*source))
    return Call(tokens(*call), (*notes, _STRIDE_OR_DILATION), f"output = {every}")


_STRIDE_OR_DILATION = Note(
    "pool_stride_or_dilation", "TensorFlow takes strides or dilations in a pool, not both.", "refuses"
)


def _average(spec: AvgPool2D, geometry: Geometry) -> Call:
    sides, laid = pads(geometry), laid_pads(geometry)
    dilated = max(spec.dilations) > 1
    counts = spec.count_include_pad and not is_plain(sides)
    source: list[Part] = ["input"]
    padding = padding_rule(spec.padding, laid)
    notes = []
    if counts:
        source = ["tf.pad(input, ", *all_sides(spec.padding, laid), ")"]
        padding = _valid(spec)
    elif is_plain(laid) and (dilated or spec.padding != "SAME"):
        padding = _unpadded(spec, source)
    elif not is_plain(laid) and (dilated or spec.padding != "SAME"):
        padding = [*all_sides(spec.padding, laid), rule("")]
        if dilated:
            said = "TensorFlow averages over these sides as if they were zeros of the input."
            notes.append(Note("average_of_sides", said, "differs"))
        else:
            said = "TensorFlow's average pool takes SAME or VALID, no sides."
            notes.append(Note("no_average_sides", said, "refuses"))
    if overhangs(geometry):
        said = "TensorFlow has no ceil mode: what the last window overhangs is padded."
        notes.append(Note("no_ceil", said, "differs" if counts else "refuses"))
    if _refused(spec):
        notes.append(_STRIDE_OR_DILATION)
    call = _called(spec, geometry, source, padding)
    return Call(tokens(*call), tuple(notes), _divided(spec, geometry) if notes else None)


def _unpadded(spec: MaxPool2D | AvgPool2D, source: list[Part]) -> list[Part]:
    """The rule where nothing is padded; sides that were asked for are kept in `source`, to be changed."""
    if not isinstance(spec.padding, str):
        source[:] = ["tf.pad(input, ", *all_sides(spec.padding, (0, 0, 0, 0)), ")"]
    return _valid(spec)


def _valid(spec: MaxPool2D | AvgPool2D) -> list[Part]:
    return [rule("'VALID'")] if isinstance(spec.padding, str) else ["'VALID'", rule("")]


def _refused(spec: MaxPool2D | AvgPool2D) -> bool:
    return max(spec.dilations) > 1 and max(spec.strides) > 1


def _called(
    spec: MaxPool2D | AvgPool2D, geometry: Geometry, source: list[Part], padding: list[Part]
) -> list[Part]:
    average, dilated = isinstance(spec, AvgPool2D), max(spec.dilations) > 1
    size = pair("kernel_size", (geometry.y.kernel_size, geometry.x.kernel_size))
    name = "avg_pool2d" if average else "max_pool2d"
    window: list[Part] = ["ksize=[", *size, "], "]
    rates: list[Part] = []
    if dilated:
        window = ["window_shape=[", *size, f"], pooling_type='{'AVG' if average else 'MAX'}', "]
        rates = [", dilations=[", *pair("dilations", spec.dilations), "]"]
    return [
        "tf.nn.", calls.operation("pool" if dilated else name), "(", *source, ", ", *window,
        "strides=[", *pair("strides", spec.strides), "], padding=", *padding, *rates, ")",
    ]  # fmt: skip


def _every(spec: MaxPool2D | AvgPool2D, geometry: Geometry, source: str) -> str:
    """The pool over all that `source` has; where strides would be refused, every stride-th window of all."""
    if not _refused(spec):
        return text(*_called(spec, geometry, [source], ["'VALID'"]))
    whole = text(*_called(replace(spec, strides=(1, 1)), geometry, [source], ["'VALID'"]))
    return f"{whole}[:, ::{spec.strides[0]}, ::{spec.strides[1]}]"


def _divided(spec: AvgPool2D, geometry: Geometry) -> str:
    """The mean of the padded input over the mean of what counts as a cell: 1 there, and 0 elsewhere."""
    sides, laid = pads(geometry), laid_pads(geometry)
    plain = text(*all_sides("VALID", laid))
    counted = "tf.ones_like(input)"
    beyond = laid
    if spec.count_include_pad:
        within = _all(min(given, needed) for given, needed in zip(sides, laid, strict=True))
        counted = f"tf.pad({counted}, {text(*all_sides('VALID', within))}, constant_values=1)"
        beyond = _all(needed - cells for needed, cells in zip(laid, within, strict=True))
    return "\n".join(
        [
            f"cells = tf.pad(input, {plain})",
            f"counted = tf.pad({counted}, {text(*all_sides('VALID', beyond))})",
            f"means = {_every(spec, geometry, 'cells')}",
            f"output = means / {_every(spec, geometry, 'counted')}",
        ]
    )


def _all(cells: Iterable[int]) -> Sides:
    top, bottom, left, right = cells
    return top, bottom, left, right
