"""Lays the input rows under a kernel out as a ring: padding put in, channels apart, every step-th cell
together.

A tap is then an offset into the ring, and the innermost loops run over neighbouring cells without a branch,
whatever the padding, stride, dilation and dtype. There is no padded copy of the whole input.

What is the same for every row is worked out once, in a Layout: a division, or a view of an array, takes as
long as many sums. Everything here is flat for the same reason.
"""

from typing import NamedTuple

import numpy as np

from engine.compiled.build import F32, Array, Plan, loop, part
from engine.compiled.simd import split_block
from engine.compiled.vectors import LANES, SLACK

NEVER = -(2**62)

split_1, split_2, split_3, split_6 = split_block(1), split_block(2), split_block(3), split_block(6)


class Layout(NamedTuple):
    """How the rows of one operation lie in a ring of slots, each [channels, phases, length].

    Numbers only. The two arrays go beside it: to take one out of a tuple costs an atomic count, for every
    row as much as a hundred sums.

    ring: float32, flat, with room to read too much behind the last slot.
    table: int64, flat, of several parts; the fields held and edges say where the others begin.
        targets, at 0: where in a slot each of `parts` goes.
        held [slots]: which row of the line a slot holds.
        edges [edge_count, 2]: a cell of the slot (of channel 0) and which number of the input row it reads
            (of the first channel), for all cells that are not laid in blocks.

    slot: the cells of a slot. plane: those of one channel in it.
    width, stride: columns of an input row, and numbers of a column, all channels of the input.
    channels: those that are laid. parts: stride * step where blocks are laid, else 0.
    first, last: the cells of every phase that are laid in blocks. source: the number that cell `first` reads.
    """

    slots: int
    slot: int
    plane: int
    width: int
    stride: int
    channels: int
    parts: int
    first: int
    last: int
    source: int
    held: int
    edges: int
    edge_count: int


LAYOUT_NUMBERS = len(Layout._fields)


@loop()
def layout_from(numbers: Array) -> Layout:
    """The Layout that `numbers` begins with."""
    return Layout(
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        numbers[7],
        numbers[8],
        numbers[9],
        numbers[10],
        numbers[11],
        numbers[12],
    )


@loop()
def copy_every(destination: Array, source: Array, step: int) -> None:
    """destination[i] = source[i * step]; a step of 1 becomes vector code."""
    if step == 1:
        for i in range(destination.size):
            destination[i] = source[i]
    else:
        for i in range(destination.size):
            destination[i] = source[step * i]


@part()
def next_slot(slot: int, dilation: int, slots: int) -> int:
    """The slot of the next kernel row."""
    slot += dilation
    if slot >= slots:
        slot -= slots
    elif slot < 0:
        slot += slots
    return slot


@loop()
def forget(layout: Layout, table: Array) -> None:
    """No slot holds a row any more: another input follows."""
    for slot in range(layout.slots):
        table[layout.held + slot] = NEVER


@loop()
def find_offsets(plan: Plan, channels: int, slots: int, plane: int, length: int) -> Array:
    """Where the cells under each tap begin in the ring.

    int64, flat, [slots, taps] in tap order (channel, kernel row, kernel column), by the slot that the first
    row of the window lies in.

    All of them at once: an output row then takes no longer to find its taps than to find its slot.
    """
    height, width = plan.kernel_height, plan.kernel_width
    taps = channels * height * width
    offsets = np.empty(slots * taps, np.int64)
    for kernel_x in range(width):
        cell = plan.origin_x + kernel_x * plan.dilation_x
        start = cell % plan.step_x * length + cell // plan.step_x
        for first in range(slots):
            slot = first
            for kernel_y in range(height):
                for channel in range(channels):
                    tap = (channel * height + kernel_y) * width + kernel_x
                    offsets[first * taps + tap] = (slot * channels + channel) * plane + start
                slot = next_slot(slot, plan.dilation_y, slots)
    return offsets


@loop()
def find_edges(
    plan: Plan,
    columns: Array,
    left: int,
    cells: int,
    length: int,
    first: int,
    last: int,
    stride: int,
    first_channel: int,
) -> Array:
    """The edges of a Layout."""
    phases = min(plan.step_x, plan.span_x)
    edges = np.empty((phases * (cells - (last - first)), 2), np.int64)
    found = 0
    for phase in range(phases):
        place = left + phase
        for cell in range(cells):
            if cell == first:
                place += (last - first) * plan.step_x
            if cell < first or cell >= last:
                if place < columns.size and columns[place] >= 0:
                    edges[found, 0] = phase * length + cell
                    edges[found, 1] = columns[place] * stride + first_channel
                    found += 1
                place += plan.step_x
    return edges[:found]


@loop()
def layout_of(
    plan: Plan,
    columns: Array,
    left: int,
    positions: int,
    slots: int,
    width: int,
    stride: int,
    first_channel: int,
    channels: int,
) -> tuple[Layout, Array, Array, Array]:
    """A ring of that many slots, for `positions` neighbouring positions of a row: its layout, ring and table,
    and the offsets of the taps.

    left: the line cell of the first. columns: for each cell of a row's line the input column it reads, or -1
    for a zero. width, stride: of an input row. Laid are the channels from first_channel on.
    """
    step, phases = plan.step_x, min(plan.step_x, plan.span_x)
    cells = positions + (plan.span_x - 1) // step
    # An odd number of cache lines, so that the rows do not crowd into the same places of the cache.
    lines = (cells + 15) // 16
    length = (lines + 1 - lines % 2) * 16
    parts = stride * step
    first = max(0, (plan.run_start - left + step - 1) // step)
    last = min(cells, (plan.run_start + plan.run_length - left) // step)
    whole = channels == stride and phases == step and (parts <= 3 or parts == 6)
    if not whole or last - first < LANES:
        parts, first, last = 0, 0, 0
    source = (plan.run_column + left + first * step - plan.run_start) * stride
    plane = phases * length
    edge_cells = find_edges(plan, columns, left, cells, length, first, last, stride, first_channel)
    held = parts
    edges = held + slots
    table = np.empty(edges + edge_cells.size, np.int64)
    for which in range(parts):
        table[which] = which % stride * phases * length + which // stride * length
    table[edges:] = edge_cells.reshape(edge_cells.size)
    layout = Layout(
        slots,
        channels * plane,
        plane,
        width,
        stride,
        channels,
        parts,
        first,
        last,
        source,
        held,
        edges,
        edge_cells.shape[0],
    )
    forget(layout, table)
    ring = np.zeros(slots * channels * plane + SLACK, F32)
    return layout, ring, table, find_offsets(plan, channels, slots, plane, length)


@loop()
def lay_row(cells: Array, at: int, layout: Layout, ring: Array, table: Array, into: int) -> None:
    """The input row that begins at cells[at] into the slot that begins at ring[into].

    Blocks are a vector each, and the last one overlaps the one before. Where the line has no input column,
    the zeros that the ring was made with stay.
    """
    parts, first, last = layout.parts, layout.first, layout.last
    begin = at + layout.source
    cell = first
    while cell < last:
        cell = min(cell, last - LANES)
        source = begin + (cell - first) * parts
        if parts == 1:
            split_1(cells, source, ring, into + cell, table)
        elif parts == 2:
            split_2(cells, source, ring, into + cell, table)
        elif parts == 3:
            split_3(cells, source, ring, into + cell, table)
        else:
            split_6(cells, source, ring, into + cell, table)
        cell += LANES
    for edge in range(layout.edges, layout.edges + 2 * layout.edge_count, 2):
        to, of = into + table[edge], at + table[edge + 1]
        for channel in range(layout.channels):
            ring[to + channel * layout.plane] = cells[of + channel]


@part()
def lay_window_rows(
    cells: Array,
    at: int,
    plan: Plan,
    rows: Array,
    y: int,
    layout: Layout,
    ring: Array,
    table: Array,
) -> int:
    """Make the ring hold the rows under output row y; gives the slot of the first, by which the offsets are.

    cells: flat; the input, [height, width, stride], begins at cells[at]. rows: the line of the y axis.
    """
    slots, row_size = layout.slots, layout.width * layout.stride
    place = y * plan.step_y + plan.origin_y
    first = slot = place % slots
    for _ in range(plan.kernel_height):
        if table[layout.held + slot] != place:
            into = slot * layout.slot
            table[layout.held + slot] = place
            if rows[place] >= 0:
                lay_row(cells, at + rows[place] * row_size, layout, ring, table, into)
            else:
                for cell in range(into, into + layout.slot):
                    ring[cell] = 0.0
        place += plan.dilation_y
        slot = next_slot(slot, plan.dilation_y, slots)
    return first
