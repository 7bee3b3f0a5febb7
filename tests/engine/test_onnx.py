"""ONNX's own node tests of Conv, which come with the onnx package."""

from typing import Any

import numpy as np
import onnx.backend.test.case.node as node_cases
import onnx.backend.test.case.node.conv  # noqa: F401
import pytest
from onnx.helper import get_attribute_value

from engine import ops
from engine.spec import Conv2D, Padding

# Importing this one module makes its vectors. load_model_tests(kind="node") gives the same ones after ten
# seconds of making those of every other operator, with numpy warnings on the way.
NODES = [case for case in node_cases._NodeTestCases if case.model.graph.node[0].op_type == "Conv"]


def test_there_are_some() -> None:
    assert len(NODES) >= 6


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.name)
def test_onnx_agrees(node: Any, arithmetic: str) -> None:
    attributes = {one.name: get_attribute_value(one) for one in node.model.graph.node[0].attribute}
    assert attributes.get("group", 1) == 1
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    padding: Padding = ((top, bottom), (left, right))
    named = attributes.get("auto_pad", b"NOTSET").decode()
    if named != "NOTSET":
        padding = {"SAME_UPPER": "SAME", "SAME_LOWER": "SAME_LOWER", "VALID": "VALID"}[named]  # type: ignore[assignment]
    strides, dilations = attributes.get("strides", [1, 1]), attributes.get("dilations", [1, 1])
    [([cells, weights, *bias], [expected])] = node.data_sets
    spec = Conv2D(weights.transpose(2, 3, 1, 0), bias[0] if bias else None, strides, dilations, padding)
    output = ops.run(spec, cells.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(output, expected, rtol=node.rtol, atol=node.atol)
    assert output.shape == expected.shape
