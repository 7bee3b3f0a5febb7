"""The first picture a visitor sees: a lighthouse at sunset, hard edges of every direction and soft light."""

from collections.abc import Iterator

from static.draw.board import UNITS, Board, Colour, Pixels, random_fractions


def harbour() -> Pixels:
    board = Board()
    board.gradient(0, 400, "#2c6f9f", "#6fb0c4", "#f1cf9b", "#ee9c63")
    board.glow(
        182,
        300,
        190,
        [(0, "#fff6c8", 0.95), (0.05, "#fff6c8", 0.95), (0.28, "#ffe296", 0.5), (1, "#ffc878", 0)],
    )
    board.ellipse("#fff4c6", 182, 300, 50, 50)
    for x, y, rx, ry, alpha in [
        (110, 92, 92, 19, 0.78), (160, 72, 56, 23, 0.82), (70, 106, 62, 13, 0.6), (330, 158, 76, 13, 0.55),
        (372, 146, 40, 15, 0.6), (590, 62, 66, 17, 0.6), (556, 78, 52, 11, 0.5),
    ]:  # fmt: skip
        board.ellipse("#fff7ea", x, y, rx, ry, alpha)
    board.polygon(
        "#6b86a0",
        (0, 372),
        (60, 340),
        (120, 362),
        (190, 330),
        (270, 366),
        (360, 344),
        (460, 370),
        (640, 350),
        (640, 410),
        (0, 410),
    )
    board.polygon(
        "#4d6a85", (0, 388), (90, 372), (180, 392), (300, 378), (420, 394), (640, 384), (640, 412), (0, 412)
    )
    board.gradient(400, 640, "#4b93a3", "#1f6882", "#123f5c")
    _glitter(board)
    _cliff(board)
    _lighthouse(board)
    _sailboat(board)
    return board.pixels(grain=9, seed=3)


def _glitter(board: Board) -> None:
    fraction: Iterator[float] = iter(random_fractions(7, 26 * 2 + 34 * 4).tolist())
    for i in range(26):
        width = 14 + next(fraction) * 58
        middle = 182 + (next(fraction) - 0.5) * (30 + i * 5)
        board.rectangle("#ffe2a0", middle - width / 2, 408 + i * 9, width, 5, alpha=0.78 - i * 0.026)
    for _ in range(34):
        alpha = 0.08 + next(fraction) * 0.16
        x, y, width = next(fraction) * UNITS, 414 + next(fraction) * 220, 20 + next(fraction) * 60
        board.rectangle("#e1f4f6", x, y, width, 4, alpha)


def _cliff(board: Board) -> None:
    board.polygon(
        "#7a5a3c",
        (352, 640),
        (372, 560),
        (402, 520),
        (420, 470),
        (470, 440),
        (560, 428),
        (640, 420),
        (640, 640),
    )
    board.polygon("#5b3f2a", (352, 640), (372, 560), (402, 520), (440, 560), (470, 640))
    board.polygon(
        "#5a8f3d",
        (410, 486),
        (420, 466),
        (470, 438),
        (560, 424),
        (640, 414),
        (640, 470),
        (560, 462),
        (490, 474),
        (440, 492),
    )
    board.polygon(
        "#7fb04e", (420, 466), (470, 438), (560, 424), (640, 414), (640, 432), (560, 440), (480, 452)
    )


def _lighthouse(board: Board) -> None:
    middle = 500

    def band(colour: Colour, top: int, bottom: int, inner: float = -1, alpha: float = 1) -> None:
        above, below = (30 + (y - 170) * 0.075 for y in (top, bottom))
        board.polygon(
            colour, (middle + inner * above, top), (middle + above, top), (middle + below, bottom),
            (middle + inner * below, bottom), alpha=alpha,
        )  # fmt: skip

    band("#f4efe4", 170, 445)
    for top, bottom in [(196, 246), (296, 346), (396, 445)]:
        band("#cf3a2b", top, bottom)
    band("#1e1928", 170, 445, inner=0.3, alpha=0.3)
    board.rectangle("#2a2e35", 456, 158, 88, 14)
    board.rectangle("#ffd65a", 474, 116, 52, 42)
    board.rectangle("#2a2e35", 496, 116, 7, 42)
    board.polygon("#b32c22", (462, 118), (500, 72), (538, 118))
    board.rectangle("#2f3a46", 492, 262, 16, 22)
    board.rectangle("#2f3a46", 492, 360, 16, 24)
    board.rectangle("#efe7d6", 552, 392, 70, 44)
    board.polygon("#b5412f", (542, 394), (587, 356), (632, 394))
    board.rectangle("#36506a", 578, 406, 20, 18)


def _sailboat(board: Board) -> None:
    board.polygon("#fdf8ea", (262, 440), (262, 556), (198, 556))
    board.polygon("#f2a52e", (272, 458), (272, 556), (324, 556))
    board.rectangle("#4a3322", 264, 430, 6, 130)
    board.polygon("#8d2f25", (188, 564), (338, 564), (314, 594), (214, 594))
