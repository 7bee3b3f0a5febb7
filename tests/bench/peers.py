"""Other people's convolutions, where installed. Each is given its favourite layout outside of the clock."""

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.geometry import Geometry
from engine.spec import Conv2D

Peer = Callable[[], object]


def peers(spec: Conv2D, geometry: Geometry, cells: np.ndarray[Any, np.dtype[Any]]) -> dict[str, Peer]:
    """Callables by name that compute the same output as ours."""
    makers = {"torch": torch, "cv2": opencv}
    found = {
        name: make(spec, geometry, cells) for name, make in makers.items() if importlib.util.find_spec(name)
    }
    return {name: peer for name, peer in found.items() if peer is not None}


def torch(spec: Conv2D, geometry: Geometry, cells: np.ndarray[Any, np.dtype[Any]]) -> Peer:
    import torch as pytorch

    weights = pytorch.from_numpy(np.ascontiguousarray(spec.kernel.transpose(3, 2, 0, 1)))
    planar = pytorch.from_numpy(np.ascontiguousarray(cells.transpose(0, 3, 1, 2), np.float32))
    bias = None if spec.bias is None else pytorch.from_numpy(spec.bias.copy())
    pads = (geometry.x.pad_before, geometry.x.pad_after, geometry.y.pad_before, geometry.y.pad_after)

    def run() -> object:
        padded = pytorch.nn.functional.pad(planar, pads)
        return pytorch.nn.functional.conv2d(padded, weights, bias, spec.strides, dilation=spec.dilations)

    return run


def opencv(spec: Conv2D, geometry: Geometry, cells: np.ndarray[Any, np.dtype[Any]]) -> Peer | None:
    """filter2D sees one channel and knows neither strides nor dilations: only such cases are its own."""
    if (
        spec.in_channels * spec.out_channels != 1
        or geometry.x.padded_size != cells.shape[2] + spec.kernel_width - 1
    ):
        return None
    import cv2

    plane, kernel = np.ascontiguousarray(cells[0, :, :, 0]), spec.kernel[:, :, 0, 0]
    return lambda: cv2.filter2D(plane, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)
