"""Programs that a person can paste and run: numbers as Python text, and the assertion at the end."""

import base64
import zlib
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D, Operation, Weighted

Numbers = NDArray[np.generic]

# Arrays of more numbers are packed, and of more than that named: the program loads them from files.
LITERAL, PACKED = 1024, 1 << 18
_WIDTH = 100
_PACKED_HELP = '''
def unpacked(text, shape):
    """A float32 array from what np.tobytes, zlib and base64 made of it."""
    return np.frombuffer(zlib.decompress(base64.b85decode(text)), "<f4").reshape(shape).copy()
'''


def program(
    imports: Iterable[str],
    arrays: Mapping[str, Numbers],
    body: str,
    expected: Numbers,
    tolerance: float,
    answers: Iterable[str] = ("output",),
) -> str:
    """The whole program: `body` makes the answers of the arrays, which are float32 there under their names.

    answers: expressions, each of which is asserted. tolerance: absolute, beside the relative 1e-5.
    """
    named = {**arrays, "expected": expected}
    packed = any(LITERAL < array.size <= PACKED for array in named.values())
    head = ["import numpy as np", *imports]
    lines = ["import base64", "import zlib", "", *head, _PACKED_HELP] if packed else [*head, ""]
    lines += [assignment(name, array) for name, array in arrays.items()]
    lines += ["", body, "", assignment("expected", expected)]
    tolerances = f"rtol=1e-5, atol={tolerance:.1g}"
    lines += [f"np.testing.assert_allclose({answer}, expected, {tolerances})" for answer in answers]
    return "\n".join(lines) + "\n"


def assignment(name: str, array: Numbers) -> str:
    """`name = ` the numbers of `array`, exactly, as float32."""
    single = array.astype(np.float32)
    shape = f"  # {list(array.shape)}"
    if array.size > PACKED:
        return f'{name} = np.load("{name}.npy").astype(np.float32){shape}'
    if array.size > LITERAL:
        text = base64.b85encode(zlib.compress(single.astype("<f4").tobytes(), 9)).decode()
        parts = [f'    "{text[at : at + _WIDTH]}"' for at in range(0, len(text), _WIDTH)]
        return "\n".join([f"{name} = unpacked(", *parts, f"    , {array.shape},", ")"])
    return f"{name} = np.array({literal(single, len(name) + 12)}, np.float32){shape}"


def literal(array: Numbers, indent: int = 0) -> str:
    """Nested lists, each number in as few digits as bring it back; whole numbers without a point."""
    single = array.astype(np.float32)
    whole = bool(np.all(np.isfinite(single) & (single == np.trunc(single)) & (np.abs(single) < 2**24)))
    shown = single.astype(np.int64) if whole else single
    with np.printoptions(threshold=array.size + 1, linewidth=_WIDTH, nanstr="np.nan", infstr="np.inf"):
        return np.array2string(shown, separator=", ", prefix=" " * indent, floatmode="unique")


def tolerance(spec: Operation, input: Numbers) -> float:  # noqa: A002
    """How far apart float32 sums of different orders may lie: 1e-5 of the largest magnitude of the terms.

    At least of 1, so that an activation close to 0 is not held to more digits than it has.
    """
    finite = input[np.isfinite(input)] if input.dtype.kind == "f" else input
    largest = float(np.abs(finite.astype(np.float64)).max(initial=0.0))
    if not isinstance(spec, Weighted):
        return 1e-5 * max(largest, 1.0)
    sums = np.abs(spec.tap_weights.astype(np.float64)).sum(axis=1) * largest + np.abs(spec.biases)
    return 1e-5 * max(float(sums.max()), 1.0)


def one_bias(spec: Weighted) -> float | None:
    """The bias of every output channel, where they have the same; None where each has its own."""
    first = float(spec.biases[0])
    return first if bool((spec.biases == first).all()) else None


def added_bias(spec: Weighted) -> str:
    """What adds the bias to sums, channels last; nothing where there is none."""
    one = one_bias(spec)
    return " + bias" if one is None else f" + {spelled(one)}" if one else ""


def arrays_of(spec: Operation, input: Numbers, kernel: str) -> dict[str, Numbers]:  # noqa: A002
    """What a program calculates with, in the engine's own orders: the input, the kernel under that name, and
    the bias where it is not one number.
    """
    arrays = {"input": input}
    if isinstance(spec, Weighted):
        arrays[kernel] = spec.kernel
        if one_bias(spec) is None:
            arrays["bias"] = spec.biases
    return arrays


def spelled(number: float) -> str:
    """In as few digits as bring the float32 back; whole numbers without a point."""
    return str(int(number)) if number == int(number) else str(np.float32(number))


def oihw(spec: Weighted) -> NDArray[np.float32]:
    """The kernel as PyTorch and ONNX order it: OIHW, and of a transposed convolution IOHW."""
    match spec:
        case Conv2D() | Conv2DTranspose():
            return spec.kernel.transpose(3, 2, 0, 1)
        case DepthwiseConv2D():
            by_output = spec.kernel.transpose(2, 3, 0, 1)
            return by_output.reshape(spec.out_channels, 1, *spec.kernel_size)
        case _:
            raise TypeError(type(spec).__name__)
