"""What a file is made of, by the lengths that it says, before a decoder reads it.

Pillow walks over chunks, segments and blocks in Python: millions of empty ones, of which a photo has none,
take longer than any picture.
"""

import re
from typing import NamedTuple

STARTS = {
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "GIF": re.compile(rb"GIF8[79]a"),
    "BMP": re.compile(rb"BM"),
}
MOST_PARTS = 65536  # what a GIF of 16 MiB in full blocks has
MOST_JPEG_SCANS = 64
MOST_PROFILES = 64
MOST_RUN_BYTES = 4 << 20
_JPEG = b"\xff\xd8"
# Not those that stand alone: stuffed zeros, fill bytes, restarts, the start.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd8]")
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
_PNG_END, _PNG_PROFILE = b"IEND", b"iCCP"
_PNG_FRAME_BYTES = 12  # of a chunk: its length, its name, its checksum
_BMP_COMPRESSION, _BMP_RUNS = slice(30, 34), (b"\1\0\0\0", b"\2\0\0\0")
_GIF_HEAD_BYTES, _GIF_FLAGS = 13, 10
_GIF_EXTENSION, _GIF_IMAGE, _GIF_END = 0x21, 0x2C, 0x3B


class Structure(NamedTuple):
    """Of a picture's file. Counting ends above MOST_PARTS."""

    parts: int
    """Chunks of a PNG, segments of a JPEG, blocks of a GIF before its first frame, and stray bytes."""
    scans: int = 0
    """Of a JPEG: each costs a walk over the whole picture."""
    profiles: int = 0
    """Of colours, in a PNG: each is inflated to as much as a megabyte."""
    run_bytes: int = 0
    """Of a BMP that is compressed: Pillow decodes it in Python, a run of cells at a time."""

    def excess(self) -> str | None:
        """What is more than may be, as a reason to refuse the file."""
        if self.parts > MOST_PARTS:
            return f"has more than {MOST_PARTS} chunks, segments, blocks or stray bytes"
        if self.scans > MOST_JPEG_SCANS:
            return f"has more than {MOST_JPEG_SCANS} JPEG scans"
        if self.profiles > MOST_PROFILES:
            return f"has more than {MOST_PROFILES} colour profiles"
        if self.run_bytes > MOST_RUN_BYTES:
            return f"is a compressed BMP of {self.run_bytes} bytes; the limit of those is {MOST_RUN_BYTES}"
        return None


def structure(data: bytes) -> Structure:
    """Of any bytes, whatever they lie of."""
    # By its first bytes: Pillow calls a JPEG another format when it says that it is the first of several.
    if data.startswith(_JPEG):
        return _of_jpeg(data)
    if STARTS["PNG"].match(data):
        return _of_png(data)
    if STARTS["GIF"].match(data):
        return _of_gif(data)
    if STARTS["BMP"].match(data) and data[_BMP_COMPRESSION] in _BMP_RUNS:
        return Structure(1, run_bytes=len(data))
    return Structure(1)


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a WEBP file, or of its canvas; None of anything else."""
    if not STARTS["WEBP"].match(data):
        return None
    width, height = 0, 0
    match data[12:16]:
        case b"VP8X":
            width = int.from_bytes(data[24:27], "little") + 1
            height = int.from_bytes(data[27:30], "little") + 1
        case b"VP8L":
            sides = int.from_bytes(data[21:25], "little")
            width, height = (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width = int.from_bytes(data[26:28], "little") & 0x3FFF
            height = int.from_bytes(data[28:30], "little") & 0x3FFF
    return width, height


def _of_jpeg(data: bytes) -> Structure:
    """Segments are passed over by their lengths, and all ends at the end of the image: what looks like a scan
    in metadata, in a thumbnail or in a film behind the picture is none.
    """
    parts, scans, at = 0, 0, len(_JPEG)
    while parts <= MOST_PARTS:
        marker = _JPEG_MARKER.search(data, at)
        if not scans:  # afterwards what is between segments is pixels, or read by the decoder
            parts += (marker.start() if marker else max(at, len(data))) - at
        if marker is None:
            break
        parts += 1
        kind, at = marker[0][1], marker.end()
        if kind == _JPEG_END:
            if scans:
                break
            continue  # Pillow does not stop there either
        scans += kind == _JPEG_SCAN
        at += max(int.from_bytes(data[at : at + 2], "big"), 2)
    return Structure(parts, scans)


def _of_png(data: bytes) -> Structure:
    parts, profiles, at = 0, 0, 8
    while parts <= MOST_PARTS and at < len(data):
        parts += 1
        name = data[at + 4 : at + 8]
        if name == _PNG_END:
            break
        profiles += name == _PNG_PROFILE
        at += int.from_bytes(data[at : at + 4], "big") + _PNG_FRAME_BYTES
    return Structure(parts, profiles=profiles)


def _of_gif(data: bytes) -> Structure:
    parts, at = 0, _GIF_HEAD_BYTES
    if len(data) > _GIF_FLAGS and (flags := data[_GIF_FLAGS]) & 0x80:
        at += 3 << (flags & 7) + 1
    while parts <= MOST_PARTS and at < len(data):
        parts += 1
        kind = data[at]
        if kind in (_GIF_IMAGE, _GIF_END):
            break
        at += 1
        if kind == _GIF_EXTENSION:
            at += 1  # which one
            while parts <= MOST_PARTS and at < len(data) and data[at]:
                parts += 1
                at += 1 + data[at]
            at += 1
    return Structure(parts)
