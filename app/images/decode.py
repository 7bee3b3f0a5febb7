"""Decoding of what strangers upload. Runs in a child process that may be killed at any moment; imports little
besides Pillow.

| mode of the file | what is kept |
|---|---|
| 1, L, I;16, I | one channel; 16 bits are cut to their upper 8 |
| LA, La, 1, L and I;16 with a transparent colour | over white; one channel |
| PA, RGBA, RGBa, P and RGB with a transparent colour | over white; three channels |
| P, RGB, CMYK, YCbCr, LAB, HSV | three channels by Pillow's own conversion; colour profiles are not applied |

Of an animation the first frame, turned as its EXIF orientation says.
"""

import io
import multiprocessing
import os
import sys
import threading
import time
import warnings
import zlib
from collections.abc import Iterator
from multiprocessing import connection
from typing import NamedTuple

from PIL import Image, ImageChops, ImageOps, WebPImagePlugin

from app.images.structure import STARTS, structure, webp_size
from app.memory import give_back_at_once

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
_PNG_DEPTH = 24  # where a PNG says how many bits a value has
_MOST_SIDE = 65535  # Pillow holds eight bytes for each row besides its pixels
_WEBP_PIXEL_BYTES = 12  # two that its decoder holds, and what it hands over
_SLACK_BYTES = 24 << 20  # Pillow's modules, buffers of the codecs, metadata
_STRIP_PIXELS = 1 << 20
_GIVEN_BACK_BYTES = 1 << 20


class Decoded(NamedTuple):
    """A picture as PNG, grey or RGB, 8 bits."""

    png: bytes
    width: int
    height: int
    channels: int


class Unreadable(NamedTuple):
    """Why there is no picture. `known` says whether the file is of a format we read at all."""

    reason: str
    known: bool


_TOO_MUCH_MEMORY = Unreadable("needs too much memory to decode", known=True)


class Heavy(NamedTuple):
    """How much memory a picture needs that was given less, and has not been decoded."""

    needed_bytes: int
    seconds: float = 0.0
    """How long it took to find out, which depends on what else is in the file."""


class _FirstFrame(WebPImagePlugin.WebPImageFile):
    """A WEBP file of which the first frame alone is read: then its decoder, which holds two, is let go."""

    def _get_next(self) -> tuple[bytes, int, int]:
        frame = super()._get_next()
        self._decoder = None
        return frame


def limit_this_process(memory_bytes: int) -> None:
    """Make this process one that decodes: it ends with its parent and, where the system can, has a cap on its
    address space.
    """
    threading.Thread(target=_end_with_parent, name="watch", daemon=True).start()
    Image.register_open("WEBP", _FirstFrame)
    warnings.simplefilter("ignore")  # of odd metadata, on standard error, where the log is
    give_back_at_once(_GIVEN_BACK_BYTES)
    Image.MAX_IMAGE_PIXELS = None  # decode has a limit of its own; Pillow only warns up to twice its own
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _end_with_parent() -> None:
    """Of a server that was killed, the others could wait for ever, for a lock that it held."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def decode_limited(
    data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int
) -> Decoded | Unreadable | Heavy:
    """`decode`, after which, or in which, this process is killed once it has used its CPU time.

    It gets little more memory than is reckoned with: metadata and frames that are not read can ask for any.
    """
    began = time.monotonic()
    _allow_cpu(cpu_seconds)
    _allow_memory(given_bytes + len(data) + _SLACK_BYTES)
    try:
        result = decode(data, most_pixels, given_bytes)
        return result._replace(seconds=time.monotonic() - began) if isinstance(result, Heavy) else result
    except MemoryError:  # to say so takes some, too
        _allow_memory(None)
        return _TOO_MUCH_MEMORY
    finally:
        _allow_memory(None)
        # To be killed while it hands over its result, with the lock of the pool in its hands, would stop all.
        _allow_cpu(None)


def decode(data: bytes, most_pixels: int, given_bytes: int = sys.maxsize) -> Decoded | Unreadable | Heavy:
    """Decode an upload and encode it anew, if `given_bytes` are enough. Never raises for bad data."""
    try:
        return _decode(data, most_pixels, given_bytes)
    except MemoryError:
        return _TOO_MUCH_MEMORY
    except Exception:  # noqa: BLE001  Pillow's decoders raise whatever they stumble over; every one means a bad file
        kind = _begun_as(data)
        if kind is None:
            return Unreadable(f"is not an image we can read; send {', '.join(FORMATS)} or NPY", known=False)
        return Unreadable(f"is damaged, cut short or a kind of {kind} that we do not read", known=True)


def _begun_as(data: bytes) -> str | None:
    """The format of ours that a file says to be of, which Pillow does not tell of one that it cannot open."""
    return next((kind for kind, start in STARTS.items() if start.match(data)), None)


def _decode(data: bytes, most_pixels: int, given_bytes: int) -> Decoded | Unreadable | Heavy:
    # Of WEBP before it is opened: its decoder then takes all the memory at once.
    if (size := webp_size(data)) is not None:
        if (said := _too_large(size, most_pixels)) is not None:
            return said
        if (needed := size[0] * size[1] * _WEBP_PIXEL_BYTES) > given_bytes:
            return Heavy(needed)
    found = structure(data)
    if (excess := found.excess()) is not None:
        return Unreadable(excess, known=True)
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if (said := _too_large(image.size, most_pixels)) is not None:
            return said
        if (needed := _needed_bytes(image, found.scans)) > given_bytes:
            return Heavy(needed)
        image.load()
        # The same cells without what they were read from, which of WEBP are another picture.
        cells = image._new(image.im)  # noqa: SLF001  what else makes a picture of it copies it
        if image.format == "PNG":
            _scale_transparent_colour(cells, data[_PNG_DEPTH])
    del image
    _turn_upright(cells)
    picture = _grey_or_rgb(cells)
    del cells
    picture.info.clear()  # a colour profile would be written on
    stream = io.BytesIO()
    # Photographs come out as small as with a search for what repeats, in two thirds of the time.
    picture.save(stream, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    return Decoded(stream.getvalue(), picture.width, picture.height, len(picture.getbands()))


def _too_large(size: tuple[int, int], most_pixels: int) -> Unreadable | None:
    width, height = size
    if width * height > most_pixels:
        return Unreadable(
            f"is {width} x {height} = {width * height} pixels; the limit is {most_pixels}", known=True
        )
    if max(size) > _MOST_SIDE:
        return Unreadable(f"is {width} x {height} pixels; the longest side may be {_MOST_SIDE}", known=True)
    return None


def _needed_bytes(image: Image.Image, scans: int) -> int:
    """What it takes to decode a picture that is only opened. Pillow holds colours in four bytes a pixel."""
    if image.format == "WEBP":
        pixel = _WEBP_PIXEL_BYTES
    elif scans > 1:
        pixel = 4 + 2 * len(image.getbands())  # the picture, and its coefficients until the last scan
    elif image.mode.startswith("I"):
        pixel = 10  # 16 bits, in two steps in four bytes each
    else:
        pixel = 8  # the picture, and what it is converted to or its PNG
    return image.width * image.height * pixel


def _turn_upright(cells: Image.Image) -> None:
    """As its metadata says, where they can be read: what else is in them is no reason to refuse a picture."""
    try:
        # In place: what is upright would be copied too.
        ImageOps.exif_transpose(cells, in_place=True)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001, S110  whatever the readers of metadata stumble over
        pass


def _scale_transparent_colour(cells: Image.Image, bits: int) -> None:
    """Pillow brings cells to 8 bits, and leaves the colour that is transparent as it is in the file."""
    colour = cells.info.get("transparency")
    if cells.mode == "L" and isinstance(colour, int):
        cells.info["transparency"] = colour * 255 // (2**bits - 1)
    elif cells.mode == "RGB" and isinstance(colour, tuple) and bits == 16:
        cells.info["transparency"] = tuple(value >> 8 for value in colour)


def _grey_or_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I;16", "I;16L", "I;16B", "I"):
        grey = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        if isinstance(colour := image.info.get("transparency"), int):
            _whiten(grey, image, colour)
        return grey
    mode = "L" if image.mode in ("1", "L", "LA", "La") else "RGB"
    if image.has_transparency_data:  # in its mode, in its palette, or in one of its colours
        return _over_white(image, f"{mode}A", mode)
    return _as(mode, image)


def _whiten(grey: Image.Image, deep: Image.Image, colour: int) -> None:
    """White in `grey` where `deep` is of that colour, strip by strip."""
    for box in _strips(grey.size):
        strip = deep.crop(box).convert("I")
        above = strip.point(lambda value: value * 1 - colour).convert("L")
        below = strip.point(lambda value: value * -1 + colour).convert("L")
        grey.paste(255, box, ImageChops.lighter(above, below).point([255] + [0] * 255))


def _strips(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """All of a picture, in boxes as wide as it is."""
    width, height = size
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        yield 0, top, width, min(top + rows, height)


def _as(mode: str, image: Image.Image) -> Image.Image:
    """Without a copy of what is so already."""
    return image if image.mode == mode else image.convert(mode)


def _over_white(image: Image.Image, with_alpha: str, mode: str) -> Image.Image:
    """`image` in `mode`, strip by strip: in one go there would be four of it at once."""
    white = Image.new(mode, image.size, "white")
    for box in _strips(image.size):
        strip = _as(with_alpha, image.crop(box))
        white.paste(strip.convert(mode), box, mask=strip.getchannel("A"))
    return white


def _allow_cpu(seconds: int | None) -> None:
    """Let this process use `seconds` of CPU from now on; the system counts from its start. None: any time."""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = hard
        if seconds is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            soft = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _allow_memory(more: int | None) -> None:
    """Let this process take so many bytes more than it has now. None: as many as its address space has."""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        soft = hard
        if more is not None:
            with open("/proc/self/statm", encoding="ascii") as reader:  # noqa: PTH123  once for every upload
                soft = int(reader.read().split()[5]) * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
