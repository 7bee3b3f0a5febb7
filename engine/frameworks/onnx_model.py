"""An ONNX model as bytes, without the onnx package: a graph is a few protobuf messages.

What a graph of float32 tensors needs of onnx.proto (https://github.com/onnx/onnx) is written, no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Attribute = int | str | Sequence[int]

# Of the wire format.
_VARINT, _LENGTH = 0, 2

# AttributeProto.AttributeType and TensorProto.DataType.
_INT, _STRING, _INTS = 2, 3, 7
_TYPES = {np.dtype(np.float32): 1, np.dtype(np.int64): 7}


@dataclass(frozen=True)
class Node:
    """One operator of a graph: it reads `inputs`, by name, and makes `output`."""

    operator: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True)
class Graph:
    """A model from one tensor, "input", to one, "output", both float32.

    nodes: in the order in which they run. initialisers: the arrays that the nodes read, by name, float32 or
        int64. opset: the version of the operators' definitions.
    """

    nodes: tuple[Node, ...]
    initialisers: Mapping[str, NDArray[np.float32] | NDArray[np.int64]]
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    opset: int
    ir_version: int


def model_bytes(graph: Graph) -> bytes:
    """What an .onnx file has in it."""
    inside = (
        b"".join(_message(1, _node(node)) for node in graph.nodes)
        + _text(2, "convloupe")
        + b"".join(_message(5, _tensor(name, array)) for name, array in graph.initialisers.items())
        + _message(11, _value("input", graph.input_shape))
        + _message(12, _value("output", graph.output_shape))
    )
    return (
        _number(1, graph.ir_version)
        + _text(2, "convloupe")
        + _message(7, inside)
        + _message(8, _text(1, "") + _number(2, graph.opset))
    )


def _node(node: Node) -> bytes:
    return (
        b"".join(_text(1, name) for name in node.inputs)
        + _text(2, node.output)
        + _text(4, node.operator)
        + b"".join(_message(5, _attribute(name, value)) for name, value in node.attributes.items())
    )


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, _STRING)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INT)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, _INTS)


def _tensor(name: str, array: NDArray[np.float32] | NDArray[np.int64]) -> bytes:
    raw = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return (
        b"".join(_number(1, size) for size in array.shape)
        + _number(2, _TYPES[array.dtype])
        + _text(8, name)
        + _message(9, raw)
    )


def _value(name: str, shape: Sequence[int]) -> bytes:
    sizes = b"".join(_message(1, _number(1, size)) for size in shape)
    return _text(1, name) + _message(2, _message(1, _number(1, 1) + _message(2, sizes)))


def _text(field: int, value: str) -> bytes:
    return _message(field, value.encode())


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _LENGTH) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; a negative int64 as its two's complement."""
    value &= (1 << 64) - 1
    content = bytearray()
    while value > 0x7F:
        content.append(value & 0x7F | 0x80)
        value >>= 7
    content.append(value)
    return bytes(content)
