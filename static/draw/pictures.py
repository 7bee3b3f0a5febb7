"""The other sample images, each drawn for what one kind of filter does to it."""

import math

from static.draw.board import UNITS, Board, Pixels


def parrot() -> Pixels:
    """Saturated areas: the three channels tell different stories."""
    board = Board()
    board.gradient(0, UNITS, "#0f5a4c", "#2f8f5b", "#b8d36b")
    for i in range(14):
        leaf = ("#14714f", "#3fa05f", "#7cc06a")[i % 3]
        board.ellipse(leaf, i * 197 % UNITS, i * 131 % UNITS, 90, 26)
    board.ellipse("#d9342b", 330, 400, 150, 250)
    board.ellipse("#d9342b", 300, 210, 118, 112)
    board.ellipse("#f4b52c", 420, 470, 66, 170)
    board.ellipse("#2167b5", 452, 540, 54, 160)
    for y in range(400, 620, 44):
        board.polygon("#17497f", (404, y), (502, y + 26), (502, y + 34), (404, y + 12), alpha=0.7)
    board.ellipse("#fff5ea", 252, 200, 60, 48)
    board.ellipse("#16181c", 262, 190, 17, 17)
    board.ellipse("#ffffff", 268, 184, 5, 5)
    board.polygon("#23262b", (200, 196), (236, 250), (180, 300), (160, 246))
    return board.pixels(grain=9, seed=5)


def tiles() -> Pixels:
    """Sixty-four tiles of 32 x 32 pixels: a stride that divides them sees every tile alike."""
    board = Board()
    side = UNITS // 8
    for row in range(8):
        for column in range(8):
            glaze = ("#e9dfc8", "#1d4e79", "#d7912c", "#b23d1b")[(column * 3 + row * 2 + row // 2) % 4]
            board.rectangle(glaze, column * side, row * side, side, side)
            board.ellipse("#ffffff", (column + 0.5) * side, (row + 0.5) * side, 24, 24, alpha=0.8)
    return board.pixels(grain=0, seed=9)


def coins() -> Pixels:
    """Grey discs under uneven light: an edge filter finds the rims, a threshold would not."""
    board = Board()
    board.gradient(0, UNITS, 62, 128)
    for x, y, radius, shade in [
        (140, 130, 92, 214), (360, 112, 70, 176), (540, 190, 84, 228), (120, 372, 78, 190),
        (322, 330, 104, 222), (528, 412, 66, 168), (190, 548, 62, 206), (400, 538, 82, 184),
    ]:  # fmt: skip
        board.ellipse(20, x + 12, y + 14, radius, radius, alpha=0.45)
        board.ellipse(shade - 50, x, y, radius, radius)
        board.ellipse(shade, x - 3, y - 3, radius - 7, radius - 7)
        board.ellipse(shade - 26, x, y, radius * 0.72, radius * 0.72)
        board.ellipse(shade + 14, x - 3, y - 3, radius * 0.64, radius * 0.64)
        board.rectangle(shade - 60, x - radius * 0.1, y - radius * 0.42, radius * 0.2, radius * 0.84)
    return board.pixels(grain=7, seed=11)


def star() -> Pixels:
    """Rays in every direction: a directional filter lights up its own, a stride loses detail."""
    board = Board()
    board.rectangle(236, 0, 0, UNITS, UNITS)
    middle, reach, rays = UNITS / 2, 300, 18
    for ray in range(rays):
        start, end = (2 * math.pi * (ray + side) / rays for side in (-0.25, 0.25))
        corners = [(middle + reach * math.cos(a), middle + reach * math.sin(a)) for a in (start, end)]
        board.polygon(24, (middle, middle), *corners)
    board.ellipse(130, middle, middle, 34, 34)
    return board.pixels(grain=0, seed=13)


def steps() -> Pixels:
    """Steps, ramps and single bright cells, on which a filter draws itself."""
    board = Board()
    board.gradient(0, UNITS, 32, 32)
    for i in range(4):
        board.rectangle(40 + 64 * i, i * 160, 0, 160, 160)
    for column in range(UNITS // 10):
        board.rectangle(40 + 192 * column / (UNITS // 10 - 1), column * 10, 200, 10, 120)
    board.rectangle(232, 0, 360, UNITS, 40)
    for i, width in enumerate((10, 20, 30, 40, 50)):
        board.rectangle(32, 60 + i * 120, 320, width, 80)
    for row in (480, 560):
        for column in range(80, UNITS, 160):
            board.rectangle(232, column, row, 10, 10)
    return board.pixels(grain=0, seed=17)
