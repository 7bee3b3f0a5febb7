"""Compiled loops: arrays in, arrays out; no policy, no validation.

Importing this module compiles them, or loads them from the cache.

Both loops lay the input rows under the kernel out as a ring: padding put in, channels apart, every stride-th
cell together. A tap is then an offset into the ring, and the innermost loops run over neighbouring cells
without a branch, whatever the padding, stride, dilation and dtype. There is no padded copy of the whole
input.

The signatures are written down so that nothing is ever compiled while someone waits for an answer.

One file, although long: Numba's cache looks at the file of a function only, not at those it calls into, and
would go on using old code after an edit elsewhere.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from engine.geometry import Geometry

F32 = np.float32
Decorator = Callable[[Callable[..., None]], Callable[..., None]]
Array = NDArray[Any]

# Output cells worked on at a time: their sums stay in the first-level cache.
BLOCK = 512
# Bytes of windows written at a time, for the same reason.
WINDOW_BLOCK = 8192

NEVER = -(2**62)


class Plan(NamedTuple):
    """The numbers of a Geometry that the loops need."""

    kernel_height: int
    kernel_width: int
    stride_y: int
    stride_x: int
    dilation_y: int
    dilation_x: int
    pad_top: int
    pad_left: int
    output_width: int
    span_y: int
    span_x: int


def plan_of(geometry: Geometry) -> Plan:
    y, x = geometry.y, geometry.x
    return Plan(
        kernel_height=y.kernel_size,
        kernel_width=x.kernel_size,
        stride_y=y.stride,
        stride_x=x.stride,
        dilation_y=y.dilation,
        dilation_x=x.dilation,
        pad_top=y.pad_before,
        pad_left=x.pad_before,
        output_width=x.output_size,
        span_y=y.span,
        span_x=x.span,
    )


def loop(*signatures: object, fast: bool = False) -> Decorator:
    """njit without the GIL, and without a check for zero at every division: no Plan divides by it.

    `fast` lets a product and its sum fuse and ignores the sign of zero; nothing that changes NaN or order.
    """
    fastmath = {"contract", "nsz"} if fast else False
    if signatures:
        return cast(
            "Decorator",
            njit(list(signatures), cache=True, nogil=True, fastmath=fastmath, error_model="numpy"),
        )
    return cast("Decorator", njit(nogil=True, fastmath=fastmath, error_model="numpy"))


@loop()
def copy_every(destination: Array, source: Array, step: int) -> None:
    """destination[i] = source[i * step]; a step of 1 becomes vector code."""
    if step == 1:
        for i in range(destination.size):
            destination[i] = source[i]
    else:
        for i in range(destination.size):
            destination[i] = source[step * i]


@loop()
def lay_row(row: Array, laid: Array, left: int, stride: int) -> None:
    """Input cell left + cell * stride + phase of each channel into laid[channel, phase, cell].

    What lies outside of the input keeps the zeros that `laid` was made with.
    """
    width, channels = row.shape
    phases, cells = laid.shape[1], laid.shape[2]
    flat = row.reshape(row.size)
    for phase in range(phases):
        start = left + phase
        low = max(0, -(start // stride))
        high = min(cells, (width - start + stride - 1) // stride)
        if low < high and channels == 3 and stride == 1:
            # All three in one loop: LLVM then reads the pixels as vectors, which halves the time of a photo.
            source = flat[(start + low) * 3 :]
            red, green, blue = laid[0, phase, low:high], laid[1, phase, low:high], laid[2, phase, low:high]
            for i in range(high - low):
                red[i] = source[3 * i]
                green[i] = source[3 * i + 1]
                blue[i] = source[3 * i + 2]
        elif low < high:
            for channel in range(channels):
                source = flat[(start + low * stride) * channels + channel :]
                copy_every(laid[channel, phase, low:high], source, stride * channels)


@loop()
def lay_window_rows(
    cells: Array, plan: Plan, y: int, left: int, ring: Array, held: Array, offsets: Array
) -> None:
    """Make the ring hold the rows under output row y, and offsets where each tap begins in it."""
    height = cells.shape[0]
    slots, channels, phases, length = ring.shape
    for kernel_y in range(plan.kernel_height):
        row = y * plan.stride_y - plan.pad_top + kernel_y * plan.dilation_y
        slot = row % slots
        if held[slot] != row:
            held[slot] = row
            if 0 <= row < height:
                lay_row(cells[row], ring[slot], left, plan.stride_x)
            else:
                ring[slot] = 0
        for channel in range(channels):
            for kernel_x in range(plan.kernel_width):
                phase = kernel_x * plan.dilation_x % plan.stride_x
                tap = (channel * plan.kernel_height + kernel_y) * plan.kernel_width + kernel_x
                start = kernel_x * plan.dilation_x // plan.stride_x
                offsets[tap] = ((slot * channels + channel) * phases + phase) * length + start


@loop(fast=True)
def add_taps(cells: Array, offsets: Array, weights: Array, total: Array, count: int) -> None:
    """total[i] += sum of weights[tap] * cells[offsets[tap] + i]: one output channel, eight taps a pass."""
    taps = offsets.size
    tap = 0
    while taps - tap >= 8:
        c0, c1 = cells[offsets[tap] :], cells[offsets[tap + 1] :]
        c2, c3 = cells[offsets[tap + 2] :], cells[offsets[tap + 3] :]
        c4, c5 = cells[offsets[tap + 4] :], cells[offsets[tap + 5] :]
        c6, c7 = cells[offsets[tap + 6] :], cells[offsets[tap + 7] :]
        w0, w1, w2, w3 = weights[tap], weights[tap + 1], weights[tap + 2], weights[tap + 3]
        w4, w5, w6, w7 = weights[tap + 4], weights[tap + 5], weights[tap + 6], weights[tap + 7]
        for i in range(count):
            near = c0[i] * w0 + c1[i] * w1 + c2[i] * w2 + c3[i] * w3
            total[i] = total[i] + near + c4[i] * w4 + c5[i] * w5 + c6[i] * w6 + c7[i] * w7
        tap += 8
    while tap < taps:
        source, weight = cells[offsets[tap] :], weights[tap]
        for i in range(count):
            total[i] += source[i] * weight
        tap += 1


@loop(fast=True)
def add_taps_of_four(cells: Array, offsets: Array, weights: Array, total: Array, count: int) -> None:
    """The same for four output channels (weights[tap, 0..3], total[channel * BLOCK + i]), four taps a pass.

    One flat `total`, because LLVM gives up on vectors when it has to prove that four arrays do not overlap.
    """
    taps = offsets.size
    tap = 0
    while taps - tap >= 4:
        c0, c1 = cells[offsets[tap] :], cells[offsets[tap + 1] :]
        c2, c3 = cells[offsets[tap + 2] :], cells[offsets[tap + 3] :]
        w00, w01, w02, w03 = weights[tap, 0], weights[tap, 1], weights[tap, 2], weights[tap, 3]
        w10, w11, w12, w13 = (
            weights[tap + 1, 0],
            weights[tap + 1, 1],
            weights[tap + 1, 2],
            weights[tap + 1, 3],
        )
        w20, w21, w22, w23 = (
            weights[tap + 2, 0],
            weights[tap + 2, 1],
            weights[tap + 2, 2],
            weights[tap + 2, 3],
        )
        w30, w31, w32, w33 = (
            weights[tap + 3, 0],
            weights[tap + 3, 1],
            weights[tap + 3, 2],
            weights[tap + 3, 3],
        )
        for i in range(count):
            v0, v1, v2, v3 = c0[i], c1[i], c2[i], c3[i]
            total[i] = total[i] + v0 * w00 + v1 * w10 + v2 * w20 + v3 * w30
            total[i + BLOCK] = total[i + BLOCK] + v0 * w01 + v1 * w11 + v2 * w21 + v3 * w31
            total[i + 2 * BLOCK] = total[i + 2 * BLOCK] + v0 * w02 + v1 * w12 + v2 * w22 + v3 * w32
            total[i + 3 * BLOCK] = total[i + 3 * BLOCK] + v0 * w03 + v1 * w13 + v2 * w23 + v3 * w33
        tap += 4
    while tap < taps:
        source = cells[offsets[tap] :]
        w0, w1, w2, w3 = weights[tap, 0], weights[tap, 1], weights[tap, 2], weights[tap, 3]
        for i in range(count):
            total[i] += source[i] * w0
            total[i + BLOCK] += source[i] * w1
            total[i + 2 * BLOCK] += source[i] * w2
            total[i + 3 * BLOCK] += source[i] * w3
        tap += 1


PLAN = types.NamedUniTuple(types.int64, len(Plan._fields), Plan)  # type: ignore[no-untyped-call]
SIZE = types.int64


def read_only(dtype: types.Type, dimensions: int) -> types.Array:
    """Also takes writable arrays; images often come from bytes, which are not."""
    return types.Array(dtype, dimensions, "C", readonly=True)


def conv2d_signature(cell: types.Type) -> object:
    f32 = types.float32
    return types.void(
        read_only(cell, 4), read_only(f32, 2), read_only(f32, 1), PLAN, f32[:, :, :, ::1], SIZE, SIZE
    )


@loop(conv2d_signature(types.uint8), conv2d_signature(types.float32), fast=True)
def conv2d_rows(
    inputs: Array, weights: Array, bias: Array, plan: Plan, output: Array, first_row: int, last_row: int
) -> None:
    """Output rows first_row..last_row-1, counted through the whole batch (item * output_height + y).

    inputs: NHWC; weights: [taps, out_channels] in tap order; bias: [out_channels]; output: planar, [batch,
    out_channels, y, x].
    """
    out_channels, height, width = output.shape[1], output.shape[2], output.shape[3]
    phases = min(plan.stride_x, plan.span_x)
    length = width + (plan.span_x - 1) // plan.stride_x
    ring = np.zeros((plan.span_y, inputs.shape[3], phases, length), F32)
    flat = ring.reshape(ring.size)
    held = np.empty(plan.span_y, np.int64)
    held[:] = NEVER
    offsets = np.empty(weights.shape[0], np.int64)
    total = np.empty(4 * BLOCK, F32)
    for row in range(first_row, last_row):
        item, y = row // height, row % height
        if y == 0:
            held[:] = NEVER
        lay_window_rows(inputs[item], plan, y, -plan.pad_left, ring, held, offsets)
        for x in range(0, width, BLOCK):
            count = min(BLOCK, width - x)
            channel = 0
            while channel < out_channels:
                together = 4 if out_channels - channel >= 4 else 1
                for k in range(together):
                    total[k * BLOCK : k * BLOCK + count] = bias[channel + k]
                if together == 4:
                    add_taps_of_four(flat[x:], offsets, weights[:, channel:], total, count)
                else:
                    add_taps(flat[x:], offsets, weights[:, channel], total, count)
                for k in range(together):
                    copy_every(output[item, channel + k, y, x : x + count], total[k * BLOCK :], 1)
                channel += together


@loop()
def fold_tap(source: Array, weight: float, total: Array, count: int) -> None:
    """One step of the left fold at `count` neighbouring positions: a float32 product, added in float64."""
    for i in range(count):
        total[i] += np.float64(source[i] * weight)


@loop()
def fold_channels(cells: Array, offsets: Array, weights: Array, total: Array, channel_sums: Array) -> None:
    channels = channel_sums.shape[1]
    taps = weights.size // channels
    for start in range(0, channel_sums.shape[0], BLOCK):
        count = min(BLOCK, channel_sums.shape[0] - start)
        for channel in range(channels):
            total[:count] = 0.0
            for tap in range(channel * taps, (channel + 1) * taps):
                fold_tap(cells[offsets[tap] + start :], weights[tap], total, count)
            for i in range(count):
                channel_sums[start + i, channel] = total[i]


@loop()
def fold_all(cells: Array, offsets: Array, weights: Array, bias: float, total: Array, sums: Array) -> None:
    for start in range(0, sums.size, BLOCK):
        count = min(BLOCK, sums.size - start)
        total[:count] = 0.0
        for tap in range(weights.size):
            fold_tap(cells[offsets[tap] + start :], weights[tap], total, count)
        for i in range(count):
            sums[start + i] = total[i] + bias


@loop()
def gather(cells: Array, offsets: Array, start: int, window: Array) -> None:
    """window[i, tap] = the cell under that tap, at window.shape[0] neighbouring positions."""
    for tap in range(offsets.size):
        source = cells[offsets[tap] + start :]
        for i in range(window.shape[0]):
            window[i, tap] = source[i]


@loop()
def multiply(window: Array, tiled: Array, products: Array) -> None:
    """products = float32(window) * weights, repeated in `tiled` so that the inner loop is long and even."""
    for start in range(0, window.size, tiled.size):
        count = min(tiled.size, window.size - start)
        source, destination = window[start:], products[start:]
        for i in range(count):
            destination[i] = F32(source[i]) * tiled[i]


def trace_signature(cell: types.Type) -> object:
    f32 = types.float32
    return types.void(
        *(read_only(cell, 3), read_only(f32, 1), types.float64, PLAN, SIZE, SIZE),
        *(cell[:, ::1], f32[:, ::1], f32[:, ::1], f32[::1]),
    )


@loop(trace_signature(types.uint8), trace_signature(types.float32))
def fill_trace(
    cells: Array,
    weights: Array,
    bias: float,
    plan: Plan,
    first: int,
    count: int,
    window: Array,
    products: Array,
    channel_sums: Array,
    sums: Array,
) -> None:
    """Positions first..first+count-1 into the last four arrays: `count` rows each, or none if not wanted.

    cells: HWC; weights: [taps] in tap order.
    """
    width, taps, channels = plan.output_width, weights.size, cells.shape[2]
    first_y, last_y = first // width, (first + count - 1) // width
    # Within one output row only the columns that are read are laid out; a chunk of several rows reads nearly
    # all of them.
    low = first % width if first_y == last_y else 0
    high = low + count if first_y == last_y else width
    phases = min(plan.stride_x, plan.span_x)
    length = high - low + (plan.span_x - 1) // plan.stride_x
    ring = np.zeros((plan.span_y, channels, phases, length), F32)
    flat = ring.reshape(ring.size)
    held = np.empty(plan.span_y, np.int64)
    held[:] = NEVER
    offsets = np.empty(taps, np.int64)
    total = np.empty(BLOCK, np.float64)

    block = max(8, WINDOW_BLOCK // taps)
    scratch = np.empty((0 if window.size else block, taps), cells.dtype)
    tiled = np.empty(taps + BLOCK // taps * taps, F32)
    for start in range(0, tiled.size, taps):
        copy_every(tiled[start : start + taps], weights, 1)

    done = 0
    for y in range(first_y, last_y + 1):
        x = (first + done) % width
        here = min(width - x, count - done)
        lay_window_rows(cells, plan, y, low * plan.stride_x - plan.pad_left, ring, held, offsets)
        row = flat[x - low :]
        if sums.size:
            fold_all(row, offsets, weights, bias, total, sums[done : done + here])
        if channel_sums.size:
            fold_channels(row, offsets, weights, total, channel_sums[done : done + here])
        if window.size or products.size:
            for start in range(0, here, block):
                at, some = done + start, min(block, here - start)
                laid = window[at : at + some] if window.size else scratch[:some]
                gather(row, offsets, start, laid)
                if products.size:
                    into = products[at : at + some]
                    multiply(laid.reshape(laid.size), tiled, into.reshape(into.size))
        done += here
