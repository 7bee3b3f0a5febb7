"""What the libraries mean by their ways to pad, each as a rule from a spec to a spec with numbers for pads.

The rules are tested against the libraries themselves, of the versions that stand here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from engine.checks import Pair, whole_pair
from engine.errors import EngineError
from engine.geometry import Geometry, plan
from engine.spec import (
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    Padding,
    PaddingMode,
    Pool,
)

Fill = PaddingMode | Literal["symmetric"]
"""What the padding reads; "symmetric" mirrors at the border with its edge, which no spec can ask for."""

Pads = tuple[Pair, Pair]
Sliding = Conv2D | DepthwiseConv2D | MaxPool2D | AvgPool2D
S = TypeVar("S", bound=Sliding)


@dataclass(frozen=True)
class Given:
    """What may be said beside the name of a convention.

    padding: PyTorch's argument (y, x); None for what is usual, see `pytorch_padding` below.
    """

    padding: Pair | None = None


@dataclass(frozen=True, eq=False)
class Resolved:
    """A convention for one operation over inputs of one size.

    spec: with the convention's padding.
    geometry: of `spec`.
    fill: what the padding reads.
    beforehand: the input is filled and then convolved without padding, because `fill` is not the spec's.
    """

    spec: Operation
    geometry: Geometry
    fill: Fill
    beforehand: bool = False

    @property
    def pads(self) -> Pads:
        """((top, bottom), (left, right)); of a transposed one the crop, negative where cells are added."""
        return _pads(self.geometry.y), _pads(self.geometry.x)


Rule = Callable[[Operation, Pair, Given], Resolved]


@dataclass(frozen=True)
class Convention:
    """A way to pad with a name.

    framework: the dialect in which it is written, or None for the operation as it stands.
    library: what was checked, with its version.
    rule: raises EngineError("convention", ...) for what the library does not do in this way.
    """

    name: str
    title: str
    framework: str | None
    library: str
    sentence: str
    rule: Rule

    def resolve(self, spec: Operation, size: Pair, given: Given | None = None) -> Resolved:
        """`spec` under this convention, over an input of `size` (height, width).

        Raises EngineError where the library refuses it, and where no window fits.
        """
        return self.rule(spec, size, given or Given())


def _pads(axis: object) -> Pair:
    before = getattr(axis, "pad_before", None)
    if before is None:
        return getattr(axis, "crop_before"), getattr(axis, "crop_after")  # noqa: B009
    return before, getattr(axis, "pad_after")  # noqa: B009


def _refuse(name: str, reason: str) -> EngineError:
    return EngineError("convention", name, reason)


def _resolved(spec: Operation, size: Pair) -> Resolved:
    fill: Fill = spec.padding_mode if isinstance(spec, Conv2D | DepthwiseConv2D) else "zeros"
    return Resolved(spec, plan(spec, *size), fill)


def _with_padding(spec: Operation, padding: Padding) -> Operation:
    """`spec` with that padding, of zeros; a pool without the options that only some libraries have."""
    match spec:
        case Conv2D() | DepthwiseConv2D():
            return replace(spec, padding=padding, padding_mode="zeros")
        case Conv2DTranspose():
            return replace(spec, padding=padding, output_padding=(0, 0), output_shape=None)
        case AvgPool2D():
            return replace(spec, padding=padding, ceil_mode=False, count_include_pad=False)
        case MaxPool2D():
            return replace(spec, padding=padding, ceil_mode=False)


def _spans(spec: Operation, size: Pair) -> Pair:
    kernel = size if spec.kernel_size == "global" else spec.kernel_size
    (height, width), (dilation_y, dilation_x) = kernel, spec.dilations
    return (height - 1) * dilation_y + 1, (width - 1) * dilation_x + 1


def _refuse_global(spec: Operation, name: str) -> None:
    if spec.kernel_size == "global":
        raise _refuse(name, "a global pool has one window and no padding: there is nothing to compare")


def _as_it_stands(spec: Operation, size: Pair, _: Given) -> Resolved:
    return _resolved(spec, size)


def _same(spec: Operation, size: Pair, _: Given) -> Resolved:
    _refuse_global(spec, "same")
    return _resolved(_with_padding(spec, "SAME"), size)


def _tensorflow_same(spec: Operation, size: Pair, given: Given) -> Resolved:
    if isinstance(spec, Pool) and max(spec.dilations) > 1:
        raise _refuse("tensorflow_same", "TensorFlow refuses SAME for pools with dilation")
    return _same(spec, size, given)


def _same_lower(spec: Operation, size: Pair, _: Given) -> Resolved:
    _refuse_global(spec, "onnx_same_lower")
    return _resolved(_with_padding(spec, "SAME_LOWER"), size)


def _valid(spec: Operation, size: Pair, _: Given) -> Resolved:
    return _resolved(_with_padding(spec, "VALID"), size)


def _keras(spec: Operation, name: str) -> None:
    _refuse_global(spec, name)
    dilated = max(spec.dilations) > 1
    if isinstance(spec, Pool):
        if dilated:
            raise _refuse(name, "Keras has no pooling with dilation")
    elif dilated and max(spec.strides) > 1:
        raise _refuse(name, "Keras refuses stride and dilation together")


def _keras_same(spec: Operation, size: Pair, _: Given) -> Resolved:
    _keras(spec, "keras_same")
    return _resolved(_with_padding(spec, "SAME"), size)


def _keras_valid(spec: Operation, size: Pair, _: Given) -> Resolved:
    _keras(spec, "keras_valid")
    valid = _with_padding(spec, "VALID")
    if not isinstance(valid, Conv2DTranspose):
        return _resolved(valid, size)
    # Where a stamp is shorter than the stride, the cells behind the last one belong to the output too.
    wanted = [
        cells * stride + max(span - stride, 0)
        for cells, stride, span in zip(size, valid.strides, _spans(valid, size), strict=True)
    ]
    return _resolved(replace(valid, output_shape=(wanted[0], wanted[1])), size)


def _pytorch_padding(spec: Operation, size: Pair, given: Given) -> Resolved:
    """The same padding on both sides: what was given, or half of the span, which keeps the size where that
    is odd and the stride 1. Of a transposed convolution the least that makes the output `stride` times as
    large, or as near to it as an output_padding below stride and dilation allows.
    """
    _refuse_global(spec, "pytorch_padding")
    spans = _spans(spec, size)
    asked = None if given.padding is None else whole_pair("pytorch_padding", given.padding, least=0)
    if isinstance(spec, Conv2DTranspose):
        beyond = [span - stride for span, stride in zip(spans, spec.strides, strict=True)]
        crop = asked or (max(-(-beyond[0] // 2), 0), max(-(-beyond[1] // 2), 0))
        more = [
            min(max(2 * cut - rest, 0), max(stride, dilation) - 1)
            for cut, rest, stride, dilation in zip(crop, beyond, spec.strides, spec.dilations, strict=True)
        ]
        found = replace(
            spec,
            padding=((crop[0], crop[0]), (crop[1], crop[1])),
            output_padding=(more[0], more[1]),
            output_shape=None,
        )
        return _resolved(found, size)
    # Of a pool with dilation half of its taps, not of its span.
    wide = spec.kernel_size if isinstance(spec, Pool) and not isinstance(spec.kernel_size, str) else spans
    most = wide[0] // 2, wide[1] // 2
    pad_y, pad_x = asked or most
    if isinstance(spec, Pool) and (pad_y > most[0] or pad_x > most[1]):
        raise _refuse(
            "pytorch_padding", f"PyTorch pads a pool by half of its window at most, {most[0]} and {most[1]}"
        )
    if isinstance(spec, AvgPool2D) and max(spec.dilations) > 1:
        raise _refuse("pytorch_padding", "PyTorch has no average pooling with dilation")
    padding = (pad_y, pad_y), (pad_x, pad_x)
    match spec:
        case AvgPool2D():
            return _resolved(replace(spec, padding=padding, count_include_pad=True), size)
        case MaxPool2D():
            return _resolved(replace(spec, padding=padding), size)
        case _:
            return _resolved(_with_padding(spec, padding), size)


def _pytorch_same(spec: Operation, size: Pair, _: Given) -> Resolved:
    name = "pytorch_same"
    if not isinstance(spec, Conv2D | DepthwiseConv2D):
        kind = "transposed convolutions" if isinstance(spec, Conv2DTranspose) else "pools"
        raise _refuse(name, f"PyTorch has padding='same' for convolutions, and not for {kind}")
    if max(spec.strides) > 1:
        raise _refuse(name, "PyTorch refuses padding='same' with a stride above 1")
    return _resolved(_with_padding(spec, "SAME"), size)


def _jax_same(spec: Operation, size: Pair, _: Given) -> Resolved:
    """conv_transpose slides the kernel where the others stamp it: what it stamps is turned."""
    _refuse_global(spec, "jax_same")
    said = _with_padding(spec, "SAME")
    if isinstance(said, Conv2DTranspose):
        said = replace(said, flip_kernel=not said.flip_kernel)
    return _resolved(said, size)


def _centred(name: str, library: str, fill: Fill, *, later: bool = True) -> Rule:
    """A filter that is centred on a cell of its span, at every s-th cell of the input.

    later: of the two cells in the middle of an even span the later one, k // 2, not (k - 1) // 2.
    """

    def rule(spec: Operation, size: Pair, _: Given) -> Resolved:
        if not isinstance(spec, Conv2D | DepthwiseConv2D):
            kind = "transposed convolutions" if isinstance(spec, Conv2DTranspose) else "pools"
            raise _refuse(name, f"{library} is for filters; {kind} are compared among the frameworks")
        anchors = [(span if later else span - 1) // 2 for span in _spans(spec, size)]
        pads_y, pads_x = (
            (anchor, span - 1 - anchor) for anchor, span in zip(anchors, _spans(spec, size), strict=True)
        )
        pads = pads_y, pads_x
        found = _with_padding(spec, pads)
        return Resolved(found, plan(found, *size), fill, beforehand=fill != "zeros")

    return rule


_TENSORFLOW = "TensorFlow 2.21"
_KERAS = "Keras 3.15"
_PYTORCH = "PyTorch 2.13"

CONVENTIONS: Mapping[str, Convention] = {
    one.name: one
    for one in (
        Convention(
            "call", "The call as it stands", None, "", "What the operation itself says.", _as_it_stands
        ),
        Convention(
            "tensorflow_same",
            "TensorFlow, SAME",
            "tensorflow",
            _TENSORFLOW,
            "As many zeros as it takes for ⌈input ÷ stride⌉ windows, the odd one at the end.",
            _tensorflow_same,
        ),
        Convention(
            "tensorflow_valid", "TensorFlow, VALID", "tensorflow", _TENSORFLOW, "No padding at all.", _valid
        ),
        Convention(
            "pytorch_padding",
            "PyTorch, padding=p",
            "pytorch",
            _PYTORCH,
            "The same number of zeros on both sides, usually half of the kernel; an average "
            "pool counts them.",
            _pytorch_padding,
        ),
        Convention(
            "pytorch_same",
            "PyTorch, padding='same'",
            "pytorch",
            _PYTORCH,
            "As SAME with stride 1, the odd zero at the end; no other stride.",
            _pytorch_same,
        ),
        Convention(
            "keras_same",
            "Keras, same",
            "keras",
            _KERAS,
            "As SAME; stride and dilation not together.",
            _keras_same,
        ),
        Convention(
            "keras_valid",
            "Keras, valid",
            "keras",
            _KERAS,
            "No padding; a transposed output is never shorter than input × stride.",
            _keras_valid,
        ),
        Convention(
            "jax_same",
            "JAX, SAME",
            "jax",
            "JAX 0.10",
            "As SAME; lax.conv_transpose stamps the kernel turned by 180 degrees.",
            _jax_same,
        ),
        Convention(
            "onnx_same_lower",
            "ONNX, SAME_LOWER",
            "onnx",
            "ONNX 1.23",
            "As SAME, with the odd zero at the start.",
            _same_lower,
        ),
        Convention(
            "opencv",
            "OpenCV, filter2D",
            "opencv",
            "OpenCV 5.0",
            "Centred on the cell k // 2 of the kernel; the border is mirrored without its edge. A stride is "
            "every s-th cell of the result.",
            _centred("opencv", "OpenCV's filter2D", "reflect"),
        ),
        Convention(
            "scipy_ndimage",
            "SciPy, ndimage.correlate",
            "scipy",
            "SciPy 1.17",
            "Centred on the cell k // 2 of the kernel; the border is mirrored with its edge. A stride is "
            "every s-th cell of the result.",
            _centred("scipy_ndimage", "scipy.ndimage.correlate", "symmetric"),
        ),
        Convention(
            "scipy_signal",
            "SciPy, signal.correlate2d",
            "scipy",
            "SciPy 1.17",
            "mode='same': centred on the cell (k − 1) // 2 of the kernel, with zeros outside. A stride is "
            "every s-th cell of the result.",
            _centred("scipy_signal", "scipy.signal.correlate2d", "zeros", later=False),
        ),
    )
}
