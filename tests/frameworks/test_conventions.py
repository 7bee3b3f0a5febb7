"""What Compare says of a library's way to pad is what the library does: its numbers, and its refusals.

OpenCV and SciPy are there for `make test`, the frameworks for `make test-frameworks`; what is not
installed is not run.
"""

import importlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from engine.comparison import CONVENTIONS, Given, Resolved, compare
from engine.errors import EngineError
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D, Operation

# oneDNN gives wrong values for several items of one channel in one column. TensorFlow's import reads both.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytestmark = pytest.mark.filterwarnings("ignore")

COUNT = 160
CHANNELS, OUTPUTS = 2, 3
Array = np.ndarray[Any, np.dtype[Any]]


class OutOfScopeError(Exception):
    """The library has the padding, and not this operation: no claim of Compare's is about that."""


@dataclass(frozen=True, eq=False)
class Sample:
    """An operation without anything but its window, over float32 cells, NHWC, all of small whole numbers."""

    spec: Operation
    cells: Array

    @property
    def size(self) -> tuple[int, int]:
        return self.cells.shape[1], self.cells.shape[2]


def samples(seed: int) -> Iterator[Sample]:
    source = np.random.default_rng(seed)

    def pair(most: int) -> tuple[int, int]:
        return int(source.integers(1, most + 1)), int(source.integers(1, most + 1))

    for index in range(COUNT):
        size = source.choice(np.arange(5, 13), 2, replace=False)
        cells = source.integers(-9, 10, (2, *size, CHANNELS)).astype(np.float32)
        window: dict[str, Any] = {
            "strides": pair(3) if source.random() < 0.6 else (1, 1),
            "dilations": pair(2) if source.random() < 0.4 else (1, 1),
        }
        height, width = pair(5)
        kind = (Conv2D, Conv2D, Conv2DTranspose, MaxPool2D, AvgPool2D)[index % 5]
        if kind in (MaxPool2D, AvgPool2D):
            yield Sample(kind((height, width), **window), cells)
        else:
            inner = (CHANNELS, OUTPUTS) if kind is Conv2D else (OUTPUTS, CHANNELS)
            kernel = source.integers(-4, 5, (height, width, *inner)).astype(np.float32)
            yield Sample(kind(kernel, **window), cells)


def spans(spec: Operation) -> tuple[int, int]:
    (height, width), (down, across) = spec.kernel_size, spec.dilations
    return (int(height) - 1) * down + 1, (int(width) - 1) * across + 1


def both(spec: Operation) -> bool:
    return max(spec.strides) > 1 and max(spec.dilations) > 1


def in_tensorflow(padding: str) -> Callable[[Operation, Array], Any]:
    def call(spec: Operation, cells: Array) -> Any:
        tf = importlib.import_module("tensorflow")
        match spec:
            case Conv2D():
                return tf.nn.conv2d(cells, spec.kernel, spec.strides, padding, dilations=spec.dilations)
            case Conv2DTranspose():
                if max(spec.dilations) > 1:
                    raise OutOfScopeError
                sizes = [
                    cells * stride if padding == "SAME" else (cells - 1) * stride + span
                    for cells, stride, span in zip(cells.shape[1:3], spec.strides, spans(spec), strict=True)
                ]
                shape = [len(cells), *sizes, OUTPUTS]
                return tf.nn.conv2d_transpose(cells, spec.kernel, shape, spec.strides, padding)
            case _:
                wider = any(a > b for a, b in zip(spec.strides, spec.kernel_size, strict=True))
                if both(spec) or (max(spec.dilations) > 1 and wider):
                    raise OutOfScopeError
                if max(spec.dilations) == 1:
                    pool = tf.nn.max_pool2d if isinstance(spec, MaxPool2D) else tf.nn.avg_pool2d
                    return pool(cells, spec.kernel_size, spec.strides, padding)
                kind = "MAX" if isinstance(spec, MaxPool2D) else "AVG"
                return tf.nn.pool(
                    cells, spec.kernel_size, kind, spec.strides, padding, dilations=spec.dilations
                )

    return call


def in_keras(padding: str) -> Callable[[Operation, Array], Any]:
    def call(spec: Operation, cells: Array) -> Any:
        layers = importlib.import_module("keras").layers
        said: dict[str, Any] = {"strides": spec.strides, "padding": padding}
        if max(spec.dilations) > 1:
            said["dilation_rate"] = spec.dilations
        match spec:
            case Conv2D() | Conv2DTranspose():
                kind = layers.Conv2D if isinstance(spec, Conv2D) else layers.Conv2DTranspose
                layer = kind(OUTPUTS, spec.kernel_size, use_bias=False, **said)
                layer.build(cells.shape)
                layer.set_weights([spec.kernel])
            case MaxPool2D():
                layer = layers.MaxPooling2D(spec.kernel_size, **said)
            case _:
                layer = layers.AveragePooling2D(spec.kernel_size, **said)
        if isinstance(spec, Conv2DTranspose) and max(spec.dilations) > 1:
            raise OutOfScopeError
        return layer(cells)

    return call


def in_pytorch(same: bool) -> Callable[[Operation, Array], Any]:
    def call(spec: Operation, cells: Array) -> Any:
        torch = importlib.import_module("torch")
        functions = torch.nn.functional
        moved = torch.from_numpy(np.ascontiguousarray(cells.transpose(0, 3, 1, 2)))
        wide = spec.kernel_size if isinstance(spec, MaxPool2D | AvgPool2D) else spans(spec)
        padding: Any = "same" if same else tuple(int(cells) // 2 for cells in wide)
        said = {"stride": spec.strides, "padding": padding, "dilation": spec.dilations}
        match spec:
            case Conv2D():
                weight = torch.from_numpy(np.ascontiguousarray(spec.kernel.transpose(3, 2, 0, 1)))
                found = functions.conv2d(moved, weight, **said)
            case Conv2DTranspose():
                weight = torch.from_numpy(np.ascontiguousarray(spec.kernel.transpose(3, 2, 0, 1)))
                if not same:
                    # The least padding for which there is an output_padding that makes n * stride.
                    beyond = [span - stride for span, stride in zip(spans(spec), spec.strides, strict=True)]
                    crop = [max((over + 1) // 2, 0) for over in beyond]
                    said["padding"] = crop
                    said["output_padding"] = [2 * cut - over for cut, over in zip(crop, beyond, strict=True)]
                    if any(
                        more >= max(stride, dilation)
                        for more, stride, dilation in zip(
                            said["output_padding"], spec.strides, spec.dilations, strict=True
                        )
                    ):
                        raise OutOfScopeError
                found = functions.conv_transpose2d(moved, weight, **said)
                assert found.shape[2:] == tuple(
                    cells * stride for cells, stride in zip(cells.shape[1:3], spec.strides, strict=True)
                )
            case MaxPool2D():
                found = functions.max_pool2d(moved, spec.kernel_size, **said)
            case _:
                if max(spec.dilations) == 1:
                    del said["dilation"]
                found = functions.avg_pool2d(moved, spec.kernel_size, **said)
        return found.numpy().transpose(0, 2, 3, 1)

    return call


def in_jax(spec: Operation, cells: Array) -> Any:
    lax = importlib.import_module("jax").lax
    order = ("NHWC", "HWIO", "NHWC")
    match spec:
        case Conv2D():
            return lax.conv_general_dilated(
                cells, spec.kernel, spec.strides, "SAME", rhs_dilation=spec.dilations, dimension_numbers=order
            )
        case Conv2DTranspose():
            kernel = spec.kernel.transpose(0, 1, 3, 2)
            return lax.conv_transpose(
                cells, kernel, spec.strides, "SAME", rhs_dilation=spec.dilations, dimension_numbers=order
            )
        case _:
            window, strides = (1, *spec.kernel_size, 1), (1, *spec.strides, 1)
            largest = isinstance(spec, MaxPool2D)
            start, add = (-np.inf, lax.max) if largest else (0.0, lax.add)

            def pooled(values: Array) -> Any:
                return lax.reduce_window(
                    values, np.float32(start), add, window, strides, "SAME", None, (1, *spec.dilations, 1)
                )

            return pooled(cells) if largest else pooled(cells) / pooled(np.ones_like(cells))


def filtered(apply: Callable[[Array, Array], Array]) -> Callable[[Operation, Array], Any]:
    """Channel by channel with a kernel that has its gaps in it, added up, at every s-th cell."""

    def call(spec: Operation, cells: Array) -> Any:
        if not isinstance(spec, Conv2D):
            raise OutOfScopeError
        down, across = spec.dilations
        kernel = np.zeros((*spans(spec), CHANNELS, OUTPUTS), np.float32)
        kernel[::down, ::across] = spec.kernel
        whole = [
            [sum(apply(item[:, :, c], kernel[:, :, c, o]) for c in range(CHANNELS)) for o in range(OUTPUTS)]
            for item in cells
        ]
        stride_y, stride_x = spec.strides
        return np.array(whole).transpose(0, 2, 3, 1)[:, ::stride_y, ::stride_x]

    return call


def by_opencv(plane: Array, kernel: Array) -> Array:
    cv2 = importlib.import_module("cv2")
    found: Array = cv2.filter2D(np.ascontiguousarray(plane), cv2.CV_32F, kernel)
    return found


def by_ndimage(plane: Array, kernel: Array) -> Array:
    found: Array = importlib.import_module("scipy.ndimage").correlate(plane, kernel)
    return found


def by_signal(plane: Array, kernel: Array) -> Array:
    found: Array = importlib.import_module("scipy.signal").correlate2d(plane, kernel, mode="same")
    return found


REAL: dict[str, tuple[str, Callable[[Operation, Array], Any]]] = {
    "tensorflow_same": ("tensorflow", in_tensorflow("SAME")),
    "tensorflow_valid": ("tensorflow", in_tensorflow("VALID")),
    "keras_same": ("keras", in_keras("same")),
    "keras_valid": ("keras", in_keras("valid")),
    "pytorch_padding": ("torch", in_pytorch(same=False)),
    "pytorch_same": ("torch", in_pytorch(same=True)),
    "jax_same": ("jax", in_jax),
    "opencv": ("cv2", filtered(by_opencv)),
    "scipy_ndimage": ("scipy", filtered(by_ndimage)),
    "scipy_signal": ("scipy", filtered(by_signal)),
}


@pytest.mark.parametrize("name", REAL)
def test_a_convention_is_what_its_library_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    package, call = REAL[name]
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    version = importlib.import_module(package).__version__
    said = CONVENTIONS[name].library.split()[-1]
    # The newest of SciPy needs a newer Python than the oldest that we run on.
    assert version.split(".")[0] == said.split(".")[0], f"checked with {said}"
    alike = refused = 0
    for sample in samples(6):
        try:
            resolved = resolve(name, sample)
            if resolved is None:
                with pytest.raises((ValueError, TypeError, RuntimeError)):
                    call(sample.spec, sample.cells)
                refused += 1
                continue
            found = np.asarray(call(sample.spec, sample.cells))
        except OutOfScopeError:
            continue
        ours = compare(resolved, resolved, sample.cells).outputs[0]
        assert found.shape == ours.shape, sample
        np.testing.assert_allclose(ours, found, rtol=1e-5, atol=1e-5, err_msg=str(sample))
        alike += 1
    with capsys.disabled():
        print(f"\n{name}: {alike} operations alike and {refused} refused in {package} {version}")
    assert alike >= (20 if name == "pytorch_same" else 50)


def resolve(name: str, sample: Sample) -> Resolved | None:
    """None where the convention refuses. What no library of them has a window for is out of scope."""
    try:
        return CONVENTIONS[name].resolve(sample.spec, sample.size)
    except EngineError as error:
        if error.field == "convention":
            return None
        raise OutOfScopeError from error


def test_pytorch_pads_a_pool_by_half_of_its_window_at_most() -> None:
    torch = pytest.importorskip("torch")
    cells = torch.zeros(1, 1, 9, 9)
    for size in (2, 3, 4, 5):
        spec, padding = MaxPool2D((size, size)), size // 2
        torch.nn.functional.max_pool2d(cells, size, padding=padding)
        CONVENTIONS["pytorch_padding"].resolve(spec, (9, 9), Given((padding, padding)))
        with pytest.raises(RuntimeError, match="at most half"):
            torch.nn.functional.max_pool2d(cells, size, padding=padding + 1)
        with pytest.raises(EngineError, match="half of its window"):
            CONVENTIONS["pytorch_padding"].resolve(spec, (9, 9), Given((padding + 1, padding + 1)))
