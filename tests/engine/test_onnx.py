"""ONNX's own node tests of the operations that we have, which come with the onnx package."""

import warnings
from collections import Counter
from importlib import import_module
from typing import Any

import numpy as np
import onnx.backend.test.case.node as node_cases
import pytest
from onnx.helper import get_attribute_value

from engine import ops
from engine.layouts import kernel_from
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D, Operation, Padding

OPERATIONS = ("Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool")

# Importing a module makes its vectors. load_model_tests(kind="node") gives the same ones after ten seconds of
# making those of every other operator. Those in three dimensions divide by zero on the way.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for operation in OPERATIONS:
        import_module(f"onnx.backend.test.case.node.{operation.lower()}")


def operation_of(case: Any) -> str:
    return str(case.model.graph.node[0].op_type)


def rank(case: Any) -> int:
    return int(case.data_sets[0][0][0].ndim)


NODES = [case for case in node_cases._NodeTestCases if operation_of(case) in OPERATIONS]
FLAT = [case for case in NODES if rank(case) == 4]

NAMES: dict[str, Padding] = {"SAME_UPPER": "SAME", "SAME_LOWER": "SAME_LOWER", "VALID": "VALID"}


def attributes_of(case: Any) -> dict[str, Any]:
    return {one.name: get_attribute_value(one) for one in case.model.graph.node[0].attribute}


def window_of(attributes: dict[str, Any]) -> dict[str, Any]:
    """strides, dilations and padding as a spec takes them."""
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    named = attributes.get("auto_pad", b"NOTSET").decode()
    return {
        "strides": tuple(attributes.get("strides", (1, 1))),
        "dilations": tuple(attributes.get("dilations", (1, 1))),
        "padding": ((top, bottom), (left, right)) if named == "NOTSET" else NAMES[named],
    }


def transposed(kernel: Any, bias: Any, attributes: dict[str, Any]) -> Conv2DTranspose:
    window, shape = window_of(attributes), attributes.get("output_shape")
    extra = tuple(attributes.get("output_padding", (0, 0)))
    if shape is not None:
        # ONNX then works the pads out of the shape, with the odd cell at the start unless it is SAME_UPPER.
        assert "pads" not in attributes
        window["padding"] = "SAME" if window["padding"] == "SAME" else "SAME_LOWER"
        shape, extra = tuple(shape), (0, 0)
    return Conv2DTranspose(
        kernel_from(kernel, "IOHW"),
        bias,
        groups=attributes.get("group", 1),
        output_padding=extra,
        output_shape=shape,
        **window,
    )


def spec_of(case: Any) -> Operation:
    attributes = attributes_of(case)
    _, *numbers = case.data_sets[0][0]
    kernel, bias = (*numbers, None, None)[:2]
    pool = {"ceil_mode": bool(attributes.get("ceil_mode", 0))}
    match operation_of(case):
        case "Conv":
            groups = attributes.get("group", 1)
            return Conv2D(kernel_from(kernel, "OIHW"), bias, groups=groups, **window_of(attributes))
        case "ConvTranspose":
            return transposed(kernel, bias, attributes)
        case "MaxPool":
            return MaxPool2D(tuple(attributes["kernel_shape"]), **pool, **window_of(attributes))
        case "AveragePool":
            counts = bool(attributes.get("count_include_pad", 0))
            size = tuple(attributes["kernel_shape"])
            return AvgPool2D(size, count_include_pad=counts, **pool, **window_of(attributes))
        case "GlobalMaxPool":
            return MaxPool2D("global")
        case "GlobalAveragePool":
            return AvgPool2D("global")
        case other:
            raise AssertionError(other)


def test_none_is_left_out_but_for_its_rank() -> None:
    assert Counter(map(operation_of, FLAT)) == {
        "Conv": 6,
        "ConvTranspose": 9,
        "MaxPool": 14,
        "AveragePool": 13,
        "GlobalMaxPool": 2,
        "GlobalAveragePool": 2,
    }
    assert Counter(rank(case) for case in NODES if case not in FLAT) == {3: 3, 5: 11}


@pytest.mark.parametrize("case", FLAT, ids=lambda case: case.name)
def test_onnx_agrees(case: Any, arithmetic: str) -> None:
    spec = spec_of(case)
    [([cells, *_], [expected, *indices])] = case.data_sets
    output = ops.run(spec, cells, "NCHW")
    np.testing.assert_allclose(output, expected, rtol=case.rtol, atol=case.atol)
    assert output.shape == expected.shape
    if indices:
        assert isinstance(spec, MaxPool2D)
        argmax = ops.max_pool_argmax(spec, cells.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2, 4)
        # Theirs are counted through the whole tensor, in the order of its rows or, as storage_order says, of
        # the columns of each picture.
        batch, channels, height, width = cells.shape
        planes = np.arange(batch * channels).reshape(batch, channels, 1, 1) * height * width
        by_column = attributes_of(case).get("storage_order", 0)
        y, x = argmax[..., 0], argmax[..., 1]
        np.testing.assert_array_equal(planes + (x * height + y if by_column else y * width + x), indices[0])


def test_there_are_indices_in_both_orders() -> None:
    orders = [attributes_of(case).get("storage_order", 0) for case in FLAT if len(case.data_sets[0][1]) == 2]
    assert sorted(orders) == [0, 1]
