"""Other people's convolutions, each given its best.

Its own layout, made outside of the clock; as many threads as ours; the same memory for its output again, by
`dst`, `output` or, in tests.bench.remote, by the allocator's settings; no gradients.

A library is loaded for a number of threads, and raises ImportError where it is not installed. It has a
version and ways to compute: a way takes a workload and returns a call and what makes an HWC array of its
result, or None where it does not know the operation.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from tests.bench.workloads import Array, Workload


class Prepared(NamedTuple):
    call: Callable[[], Any]
    as_array: Callable[[Any], Array]


Way = Callable[[Workload], Prepared | None]


class Library(NamedTuple):
    version: str
    ways: Mapping[str, Way]


def planes(workload: Workload) -> tuple[list[Array], list[list[Array]]]:
    """The input's channels and [out][in] the kernels, zero-stuffed where dilated."""
    cells, weights = workload.input(), workload.weights()
    span = (workload.kernel - 1) * workload.dilation + 1
    stuffed = np.zeros((span, span, *weights.shape[2:]), np.float32)
    stuffed[:: workload.dilation, :: workload.dilation] = weights
    return (
        [np.ascontiguousarray(cells[:, :, channel]) for channel in range(workload.in_channels)],
        [
            [np.ascontiguousarray(stuffed[:, :, channel, out]) for channel in range(workload.in_channels)]
            for out in range(workload.out_channels)
        ],
    )


def filters(workload: Workload) -> bool:
    """Whether it is what image filters are for: few channels, every position."""
    few = workload.in_channels <= 3 and workload.out_channels <= 8
    return workload.operation == "conv" and workload.stride == 1 and workload.groups == 1 and few


def opencv(threads: int) -> Library:
    import cv2

    cv2.setNumThreads(threads)

    def filter2d(workload: Workload) -> Prepared | None:
        if not filters(workload):
            return None
        inputs, kernels = planes(workload)
        outputs = [np.empty(workload.output_shape[:2], np.float32) for _ in kernels]
        term = np.empty(workload.output_shape[:2], np.float32)

        def call() -> list[Array]:
            for output, row in zip(outputs, kernels, strict=True):
                cv2.filter2D(inputs[0], cv2.CV_32F, row[0], output, borderType=cv2.BORDER_CONSTANT)
                for plane, kernel in zip(inputs[1:], row[1:], strict=True):
                    cv2.filter2D(plane, cv2.CV_32F, kernel, term, borderType=cv2.BORDER_CONSTANT)
                    cv2.add(output, term, output)
            return outputs

        return Prepared(call, lambda result: np.stack(result, -1))

    return Library(cv2.__version__, {"OpenCV filter2D": filter2d})


def scipy(threads: int) -> Library:
    import scipy.ndimage

    def correlate(workload: Workload) -> Prepared | None:
        if not filters(workload) or workload.out_channels > 1:
            return None
        inputs, (kernels,) = planes(workload)
        output, term = (np.empty(workload.output_shape[:2], np.float32) for _ in range(2))

        def call() -> Array:
            scipy.ndimage.correlate(inputs[0], kernels[0], output, mode="constant")
            for plane, kernel in zip(inputs[1:], kernels[1:], strict=True):
                np.add(output, scipy.ndimage.correlate(plane, kernel, term, mode="constant"), output)
            return output

        return Prepared(call, lambda result: result[:, :, np.newaxis])

    return Library(scipy.__version__, {"SciPy correlate": correlate})


def torch(threads: int) -> Library:
    import torch as pytorch
    from torch.nn import functional

    pytorch.set_num_threads(threads)

    def laid_out(memory_format: Any) -> Way:
        def way(workload: Workload) -> Prepared:
            def tensor(array: Array) -> Any:
                return pytorch.from_numpy(np.ascontiguousarray(array)).contiguous(memory_format=memory_format)

            cells = tensor(workload.input().transpose(2, 0, 1)[np.newaxis])
            size, stride = workload.kernel, workload.stride
            if workload.pools:
                pool = {"max pool": functional.max_pool2d, "average pool": functional.avg_pool2d}[
                    workload.operation
                ]
                return prepared(lambda: pool(cells, size, stride))
            weights = tensor(workload.weights().transpose(3, 2, 0, 1))
            pad, groups, dilation = workload.pad, workload.groups, workload.dilation
            if workload.operation == "transposed conv":
                return prepared(
                    lambda: functional.conv_transpose2d(
                        cells, weights, None, stride, pad, 0, groups, dilation
                    )
                )
            if workload.dtype == "uint8":
                return prepared(
                    lambda: functional.conv2d(cells.float(), weights, None, stride, pad, dilation, groups)
                )
            return prepared(lambda: functional.conv2d(cells, weights, None, stride, pad, dilation, groups))

        return way

    def prepared(call: Callable[[], Any]) -> Prepared:
        def without_gradients() -> Any:
            with pytorch.inference_mode():
                return call()

        return Prepared(without_gradients, lambda result: result[0].permute(1, 2, 0).numpy())

    return Library(
        pytorch.__version__,
        {
            "PyTorch": laid_out(pytorch.contiguous_format),
            "PyTorch channels_last": laid_out(pytorch.channels_last),
        },
    )


def tensorflow(threads: int) -> Library:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)

    def eager(workload: Workload) -> Prepared | None:
        # Its grouped and transposed convolutions are other operations, or none, on a CPU.
        if workload.groups > 1 or workload.operation == "transposed conv":
            return None
        cells = tf.constant(workload.input()[np.newaxis])
        size, stride, dilation = workload.kernel, workload.stride, workload.dilation

        def as_array(result: Any) -> Array:
            return result[0].numpy()

        if workload.pools:
            pool = {"max pool": tf.nn.max_pool2d, "average pool": tf.nn.avg_pool2d}[workload.operation]
            return Prepared(lambda: pool(cells, size, stride, "VALID"), as_array)
        weights = tf.constant(workload.weights())
        around = [workload.pad, workload.pad]
        # As quick as SAME; and eager calls are quicker than tf.function and than XLA, all measured.
        pads = [[0, 0], around, around, [0, 0]]
        if workload.dtype == "uint8":
            return Prepared(
                lambda: tf.nn.conv2d(tf.cast(cells, tf.float32), weights, stride, pads, dilations=dilation),
                as_array,
            )
        return Prepared(lambda: tf.nn.conv2d(cells, weights, stride, pads, dilations=dilation), as_array)

    return Library(tf.__version__, {"TensorFlow": eager})


LIBRARIES: Mapping[str, Callable[[int], Library]] = {
    "OpenCV": opencv,
    "SciPy": scipy,
    "PyTorch": torch,
    "TensorFlow": tensorflow,
}
