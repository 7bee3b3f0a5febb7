"""Vectors that others made, as specs of ours. See vectors/README.md for the form of the file."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from engine.layouts import kernel_from
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation

Array = np.ndarray[Any, np.dtype[Any]]


class Vectors:
    """NAME.json and the arrays of NAME.npz."""

    def __init__(self, path: Path) -> None:
        read = json.loads(path.read_text("utf-8"))
        self.cases: list[dict[str, Any]] = read["cases"]
        self.errors: list[dict[str, Any]] = read["errors"]
        self._arrays = np.load(path.with_suffix(".npz"))

    def array(self, key: str | None) -> Array | None:
        return None if key is None else self._arrays[key]

    def input(self, case: dict[str, Any]) -> Array:
        return self._arrays[case["input"]]

    def expected(self, case: dict[str, Any]) -> Array:
        return self._arrays[case["expected"]]

    def spec(self, case: dict[str, Any]) -> Operation:
        padding = case["padding"]
        if not isinstance(padding, str):
            padding = (tuple(padding[:2]), tuple(padding[2:]))
        window = {
            "strides": tuple(case["strides"]),
            "dilations": tuple(case["dilations"]),
            "padding": padding,
        }
        kernel, bias = self.array(case["weights"]), self.array(case["bias"])
        if kernel is not None:
            kernel = kernel_from(kernel, case["weight_layout"])
        match case["op"]:
            case "conv2d" | "atrous_conv2d":
                mode = case["padding_mode"]
                return Conv2D(kernel, bias, groups=case["groups"], padding_mode=mode, **window)
            case "depthwise_conv2d":
                return DepthwiseConv2D(kernel, bias, **window)
            case "conv2d_transpose":
                # Where there is a shape, it says what the output padding would.
                shape, extra = case["output_shape"], case["output_padding"] or (0, 0)
                return Conv2DTranspose(
                    kernel,
                    bias,
                    groups=case["groups"],
                    output_padding=tuple(extra) if shape is None else (0, 0),
                    output_shape=None if shape is None else tuple(shape),
                    **window,
                )
            case "max_pool2d":
                return MaxPool2D(tuple(case["kernel"]), ceil_mode=case["ceil_mode"], **window)
            case "avg_pool2d":
                return AvgPool2D(
                    tuple(case["kernel"]),
                    ceil_mode=case["ceil_mode"],
                    count_include_pad=case["count_include_pad"],
                    **window,
                )
            case other:
                raise AssertionError(other)
