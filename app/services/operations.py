"""From a request's operation to the engine's spec. No array grows beyond a limit on the way."""

from collections.abc import Sequence

import numpy as np

from app.arrays import Array, from_nested, from_npy
from app.errors import RefusedError
from app.schemas import Operation
from app.schemas.operations import (
    AvgPool2DRequest,
    Conv2DRequest,
    Conv2DTransposeRequest,
    DepthwiseConv2DRequest,
    MaxPool2DRequest,
)
from app.services.limits import check_spec, check_window
from app.settings import Settings
from engine import spec
from engine.checks import whole_number
from engine.layouts import kernel_from
from engine.presets import filter_kernel

_Weighted = Conv2DRequest | DepthwiseConv2DRequest | Conv2DTransposeRequest


def read_operation(operation: Operation, channels: int | None, settings: Settings) -> spec.Operation:
    """The spec of `operation`, within the limits that do not depend on the size of an input.

    channels: the input's, for which a kernel of rank 2 is repeated; None for as few as it can have.
    RefusedError or EngineError, naming the field.
    """
    found = _spec(operation, channels, settings)
    check_spec(found, settings)
    return found


def _spec(operation: Operation, channels: int | None, settings: Settings) -> spec.Operation:
    steps = operation.strides, operation.dilations, operation.padding
    match operation:
        case MaxPool2DRequest():
            return spec.MaxPool2D(operation.kernel_size, *steps, operation.ceil_mode)
        case AvgPool2DRequest():
            return spec.AvgPool2D(
                operation.kernel_size, *steps, operation.ceil_mode, operation.count_include_pad
            )
    kernel = _kernel(operation, channels, settings)
    bias = operation.bias
    if bias is not None:
        bias = from_nested(bias, "operation.bias", most=settings.input_values)
    ends = {"flip_kernel": operation.flip_kernel, "activation": operation.activation}
    match operation:
        case Conv2DRequest():
            return spec.Conv2D(kernel, bias, *steps, operation.groups, operation.padding_mode, **ends)
        case DepthwiseConv2DRequest():
            return spec.DepthwiseConv2D(kernel, bias, *steps, operation.padding_mode, **ends)
        case Conv2DTransposeRequest():
            return spec.Conv2DTranspose(
                kernel,
                bias,
                *steps,
                operation.groups,
                operation.output_padding,
                operation.output_shape,
                **ends,
            )


def _kernel(operation: _Weighted, channels: int | None, settings: Settings) -> Array:
    kernel = _given(operation, settings)
    if kernel.ndim == 4:
        return kernel_from(kernel, operation.kernel_layout)
    if kernel.ndim == 2:
        return _repeated(kernel, _inner_and_outer(operation, channels), settings)
    raise RefusedError(
        "operation.kernel",
        f"has {kernel.ndim} dimensions; a kernel has 2 (height, width) or 4 ({operation.kernel_layout})",
    )


def _given(operation: _Weighted, settings: Settings) -> Array:
    given = operation.kernel
    if (operation.filter is None) == (given is None):
        both = (
            "filter and kernel are both given" if given is not None else "neither filter nor kernel is given"
        )
        raise RefusedError("operation.kernel", f"{both}; one of the two is needed")
    if operation.filter is not None:
        return filter_kernel(operation.filter)
    most = settings.input_values
    if isinstance(given, dict):
        if set(given) != {"npy"} or not isinstance(given["npy"], str):
            raise RefusedError("operation.kernel", 'must be a nested list of numbers, or {"npy": base64}')
        return from_npy(given["npy"], "operation.kernel.npy", most=most).astype(np.float32)
    return from_nested(given, "operation.kernel", most=most)


def _inner_and_outer(operation: _Weighted, channels: int | None) -> tuple[int, int]:
    """The last two dimensions, in the engine's order, of a kernel that is the same for every channel.

    Each group has one output channel, in which its input channels are summed.
    """
    if isinstance(operation, DepthwiseConv2DRequest):
        return channels or 1, 1
    groups = whole_number("groups", operation.groups, 1)
    channels = channels or groups
    if channels % groups:
        raise RefusedError(
            "operation.groups", f"must divide the {channels} channels of the input; got {groups}", groups
        )
    return (channels // groups, groups) if isinstance(operation, Conv2DRequest) else (1, channels)


def _repeated(kernel: Array, inner_and_outer: Sequence[int], settings: Settings) -> Array:
    shape = (*kernel.shape, *inner_and_outer)
    check_window(shape[0], shape[1], shape[2], "kernel", settings)
    if (values := shape[0] * shape[1] * shape[2] * shape[3]) > settings.input_values:
        raise RefusedError(
            "operation.kernel",
            f"would be repeated to {' x '.join(map(str, shape))} = {values} values; "
            f"the limit is {settings.input_values}",
        )
    return np.broadcast_to(kernel[:, :, np.newaxis, np.newaxis], shape)
