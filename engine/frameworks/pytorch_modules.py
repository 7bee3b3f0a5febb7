"""The same operation as a module of PyTorch, torch.nn, where one is enough."""

from engine.checks import Pair
from engine.frameworks.calls import Sides
from engine.frameworks.pads import is_even, reads_input
from engine.geometry import Geometry
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Weighted


def convolution(spec: Conv2D | DepthwiseConv2D, sides: Sides, bias: str) -> str | None:
    """nn.Conv2d, whose padding='same' is SAME without strides; `bias` is the value of that parameter."""
    if spec.padding == "SAME" and spec.strides == (1, 1):
        padding = "'same'"
    elif is_even(sides):
        padding = f"({sides[0]}, {sides[2]})"
    else:
        return None
    mode = f", padding_mode='{spec.padding_mode}'" if reads_input(spec, sides) else ""
    return _with_weights(
        spec,
        f"nn.Conv2d({_shape(spec)}, stride={spec.strides}, padding={padding}, dilation={spec.dilations}"
        f"{mode}{_groups(spec)}",
        bias,
    )


def transposed(spec: Conv2DTranspose, sides: Sides, added: Pair, bias: str) -> str | None:
    """nn.ConvTranspose2d, which crops both sides of an axis alike."""
    if not is_even(sides):
        return None
    return _with_weights(
        spec,
        f"nn.ConvTranspose2d({_shape(spec)}, stride={spec.strides}, padding=({sides[0]}, {sides[2]}), "
        f"output_padding={added}, dilation={spec.dilations}{_groups(spec)}",
        bias,
    )


def pool(spec: MaxPool2D | AvgPool2D, geometry: Geometry, sides: Sides) -> str:
    size = geometry.y.kernel_size, geometry.x.kernel_size
    common = f"{size}, stride={spec.strides}, padding=({sides[0]}, {sides[2]})"
    if isinstance(spec, AvgPool2D):
        counted = f"count_include_pad={spec.count_include_pad}"
        return f"nn.AvgPool2d({common}, ceil_mode={spec.ceil_mode}, {counted})(input)"
    return f"nn.MaxPool2d({common}, dilation={spec.dilations}, ceil_mode={spec.ceil_mode})(input)"


def _shape(spec: Weighted) -> str:
    return f"{spec.in_channels}, {spec.out_channels}, {spec.kernel_size}"


def _groups(spec: Weighted) -> str:
    return f", groups={spec.groups}" if spec.groups > 1 else ""


def _with_weights(spec: Weighted, module: str, bias: str) -> str:
    """The module is made with random weights; this calls it with ours."""
    weight = "weight.flip(2, 3)" if spec.flip_kernel else "weight"
    weights = f"{{'weight': {weight}, 'bias': {bias}}}" if bias else f"{{'weight': {weight}}}"
    call = f"torch.func.functional_call({module}, bias={bool(bias)}), {weights}, (input,))"
    return call if spec.activation is None else f"torch.{spec.activation}({call})"
