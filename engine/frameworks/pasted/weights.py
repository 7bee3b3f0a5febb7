"""What stands in the place of the weights, turned by 180 degrees or made there; no numbers are read."""

import ast

from engine.checks import Pair
from engine.errors import EngineError
from engine.frameworks.pasted.arguments import literal, written

# Functions, with the arguments beside the kernel that make a half turn of it.
_TURNS = {
    "np.flip": ("", "(0, 1)"),
    "jnp.flip": ("", "(0, 1)"),
    "np.rot90": ("2",),
    "jnp.rot90": ("2",),
    "cv2.flip": ("-1",),
    "torch.flip": ("(2, 3)", "[2, 3]"),
    "tf.reverse": ("[0, 1]",),
}
_AXES = (["2", "3"], ["(2, 3)"], ["[2, 3]"])
_TURNED = ("::-1, ::-1", ":, :, ::-1, ::-1")
_OF_A_SIZE = ("ones", "zeros", "full")
_OF_NUMBERS = ("array", "asarray", "float32", "constant", "tensor", "Tensor")
# Methods that keep the numbers, and make them another array.
_SAME = ("astype", "to", "float", "view", "reshape", "unsqueeze", "repeat", "expand", "transpose", "permute")


def turned(node: ast.expr) -> ast.expr | None:
    """What is turned by 180 degrees in `node`; None where nothing is."""
    if isinstance(node, ast.Subscript):
        return node.value if ast.unparse(node.slice).strip("()") in _TURNED else None
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    axes = [ast.unparse(one) for one in node.args]
    turns = _TURNS.get(written(node.func))
    if turns is not None:
        return node.args[0] if axes and ", ".join(axes[1:]) in turns else None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "flip" and axes in _AXES:
        return node.func.value
    return None


def size_made(node: ast.expr) -> Pair | None:
    """(y, x) of an array of two axes that is written out; None where it cannot be told.

    EngineError where nothing is made that could be a kernel.
    """
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        factor, other = node.left, node.right
        return size_made(other if isinstance(factor, ast.Constant) else factor)
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return None
    if not isinstance(node, ast.Call):
        raise EngineError("text", written(node), f"The part {written(node)} is no kernel.")
    last = _last(node)
    if last in _SAME and isinstance(node.func, ast.Attribute):
        size_made(node.func.value)
        return None
    if last in _OF_A_SIZE + _OF_NUMBERS and node.args:
        return _size_of(node.args[0]) if last in _OF_A_SIZE else _shape_of(node.args[0])
    raise EngineError("text", written(node), f"The part {written(node)} is no kernel.")


def _last(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else written(node.func)


def _size_of(node: ast.expr) -> Pair | None:
    sizes = literal("kernel", node)
    if not isinstance(sizes, tuple | list) or len(sizes) != 2 or not all(type(one) is int for one in sizes):
        return None
    return sizes[0], sizes[1]


def _shape_of(node: ast.expr) -> Pair | None:
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    rows = literal("kernel", node)
    lists = [row for row in rows if isinstance(row, tuple | list)]
    lengths = {len(row) for row in lists}
    if len(lists) != len(rows) or len(lengths) != 1 or any(isinstance(one, tuple | list) for one in lists[0]):
        return None
    return len(rows), len(lists[0])
