"""Decoding of what strangers upload. Runs in a child process that may be killed at any moment; imports Pillow
only.

| mode of the file | what is kept |
|---|---|
| 1, L, I;16, I | one channel; 16 bits are cut to their upper 8 |
| LA, La, PA, RGBA, RGBa, P with transparency | over white; one channel for LA and La, three for the others |
| P, RGB, CMYK, YCbCr, LAB, HSV | three channels by Pillow's own conversion; colour profiles are not applied |

Of an animation the first frame, turned as its EXIF orientation says.
"""

import io
import multiprocessing
import os
import re
import sys
import threading
import warnings
import zlib
from multiprocessing import connection
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
_MOST_JPEG_SCANS = 64
_JPEG = b"\xff\xd8"
# Not those that stand alone: stuffed zeros, fill bytes, restarts, the start.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd8]")
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9


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


def limit_this_process(memory_bytes: int) -> None:
    """Make this process one that decodes: it ends with its parent and, where the system can, has a cap on its
    address space.
    """
    threading.Thread(target=_end_with_parent, name="watch", daemon=True).start()
    warnings.simplefilter("ignore")  # of odd metadata, on standard error, where the log is
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


def decode_limited(data: bytes, most_pixels: int, cpu_seconds: int) -> Decoded | Unreadable:
    """`decode`, after which, or in which, this process is killed once it has used its CPU time."""
    _allow_cpu(cpu_seconds)
    try:
        return decode(data, most_pixels)
    finally:
        # To be killed while it hands over its result, with the lock of the pool in its hands, would stop all.
        _allow_cpu(None)


def decode(data: bytes, most_pixels: int) -> Decoded | Unreadable:
    """Decode an upload and encode it anew. Never raises for bad data."""
    try:
        return _decode(data, most_pixels)
    except UnidentifiedImageError:
        return Unreadable(f"is not an image we can read; send {', '.join(FORMATS)} or NPY", known=False)
    except MemoryError:
        return Unreadable("needs too much memory to decode", known=True)
    except Exception:  # noqa: BLE001  Pillow's decoders raise whatever they stumble over; every one means a bad file
        return Unreadable("is damaged or cut short", known=True)


def _decode(data: bytes, most_pixels: int) -> Decoded | Unreadable:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > most_pixels:
            return Unreadable(
                f"is {image.width} x {image.height} = {image.width * image.height} pixels; "
                f"the limit is {most_pixels}",
                known=True,
            )
        # By its first bytes: Pillow calls it another format when it says that it is the first of several.
        if data.startswith(_JPEG) and jpeg_scans(data) > _MOST_JPEG_SCANS:
            return Unreadable(f"has more than {_MOST_JPEG_SCANS} JPEG scans", known=True)
        image.load()
        # In place: what is upright would be copied too.
        ImageOps.exif_transpose(image, in_place=True)
        # A copy lets go of WEBP's decoder, which holds three more pictures.
        upright = image.copy() if image.format == "WEBP" else image
    del image
    picture = _grey_or_rgb(upright)
    del upright
    picture.info.clear()  # a colour profile would be written on
    stream = io.BytesIO()
    # Photographs come out as small as with a search for what repeats, in two thirds of the time.
    picture.save(stream, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    return Decoded(stream.getvalue(), picture.width, picture.height, len(picture.getbands()))


def jpeg_scans(data: bytes) -> int:
    """Scans of a JPEG file: each costs a walk over the whole picture.

    Segments are passed over by their lengths, and all ends at the end of the image: what looks like a scan in
    metadata, in a thumbnail or in a film behind the picture is none.
    """
    scans, at = 0, len(_JPEG)
    while marker := _JPEG_MARKER.search(data, at):
        kind, at = marker[0][1], marker.end()
        if kind == _JPEG_END:
            break
        scans += kind == _JPEG_SCAN
        at += max(int.from_bytes(data[at : at + 2], "big"), 2)
    return scans


def _grey_or_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I;16", "I;16L", "I;16B", "I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("LA", "La"):
        return _over_white(image.convert("LA"), "L")
    if image.mode in ("RGBA", "RGBa", "PA") or image.has_transparency_data:
        return _over_white(_as("RGBA", image), "RGB")
    return _as("L" if image.mode in ("1", "L") else "RGB", image)


def _as(mode: str, image: Image.Image) -> Image.Image:
    """Without a copy of what is so already."""
    return image if image.mode == mode else image.convert(mode)


def _over_white(image: Image.Image, mode: str) -> Image.Image:
    white = Image.new(mode, image.size, "white")
    white.paste(image.convert(mode), mask=image.getchannel("A"))
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
