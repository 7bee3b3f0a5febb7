"""Files that nobody means well with: bombs of every format, damage, and what only looks like a picture.

Each is bytes with the statuses that an upload of it may be answered with. Nothing here is large by itself: a
bomb is a small file that asks for much.
"""

import io
import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

OK, UNKNOWN, REFUSED = 201, 415, 422


@dataclass(frozen=True)
class Hostile:
    """A file, and what may become of it."""

    name: str
    content: bytes
    allowed: frozenset[int]


def hostile(name: str, content: bytes, *allowed: int) -> Hostile:
    return Hostile(name, content, frozenset(allowed))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def pictures(numbers: random.Random, side: int) -> dict[str, bytes]:
    """One good file of each format in each of its ways to be stored, about `side` cells square."""
    grain = np.frombuffer(numbers.randbytes(side * (side + 7) * 4), np.uint8).reshape(side, side + 7, 4)
    colour, alpha = Image.fromarray(grain[..., :3]), Image.fromarray(grain)
    grey, deep = colour.convert("L"), Image.fromarray(grain[..., :2].copy().view(np.uint16)[..., 0])
    frames = [colour, colour.transpose(Image.Transpose.ROTATE_180)]
    lossless = {"lossless": True, "quality": 0}
    return {
        "png": encoded(colour, "PNG"),
        "png-alpha": encoded(alpha, "PNG"),
        "png-16-bit": encoded(deep, "PNG"),
        "png-palette": encoded(colour.quantize(16), "PNG", bits=4, transparency=3),
        "png-bilevel": encoded(colour.convert("1"), "PNG"),
        "png-animated": encoded(frames[0], "PNG", save_all=True, append_images=frames[1:]),
        "jpeg": encoded(colour, "JPEG"),
        "jpeg-progressive": encoded(colour, "JPEG", progressive=True),
        "jpeg-grey": encoded(grey, "JPEG"),
        "jpeg-cmyk": encoded(colour.convert("CMYK"), "JPEG"),
        "jpeg-two": encoded(frames[0], "MPO", save_all=True, append_images=frames[1:]),
        "webp": encoded(colour, "WEBP"),
        "webp-lossless": encoded(alpha, "WEBP", **lossless),
        "webp-animated": encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], **lossless),
        "gif": encoded(colour, "GIF"),
        "gif-animated": encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "bmp": encoded(colour, "BMP"),
        "bmp-palette": encoded(colour.quantize(200), "BMP"),
        "bmp-alpha": encoded(alpha, "BMP"),
    }


def truncated(name: str, content: bytes, step: int = 64) -> Iterator[Hostile]:
    """Cut short at every `step`-th byte. A file whose end is not needed is still a picture."""
    for length in range(0, len(content), step):
        yield hostile(f"{name} cut to {length} bytes", content[:length], OK, UNKNOWN, REFUSED)


def damaged(numbers: random.Random, name: str, content: bytes) -> Hostile:
    """With some bytes changed, taken away, repeated."""
    changed = bytearray(content)
    for _ in range(numbers.choice([1, 1, 2, 8, 64])):
        at = numbers.randrange(len(changed))
        match numbers.randrange(4):
            case 0:
                changed[at] ^= 1 << numbers.randrange(8)
            case 1:
                changed[at : at + 4] = numbers.choice(
                    [b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x80\0\0\0"]
                )
            case 2:
                del changed[at : at + numbers.randrange(1, 40)]
            case _:
                changed[at:at] = changed[at : at + numbers.randrange(1, 400)]
    return hostile(f"{name} damaged", bytes(changed), OK, UNKNOWN, REFUSED)


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: tuple[bytes, bytes], bits: int = 8, colour: int = 2) -> bytes:
    """A PNG of these chunks behind a header of any size."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*part) for part in parts)


def deflated_zeros(count: int) -> bytes:
    """That many zeros, compressed a thousandfold, without ever holding them."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(min(1 << 20, count - start))) for start in range(0, count, 1 << 20)]
    return b"".join(parts) + packer.flush()


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def scan_bomb(side: int, scans: int) -> bytes:
    """A progressive grey JPEG whose last scan is there many times over: each costs a walk over all blocks."""
    plain = encoded(Image.new("L", (side, side), 77), "JPEG", progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:last] + plain[last:-2] * scans + plain[-2:]


def as_one_of_two(jpeg: bytes) -> bytes:
    """A JPEG that says that it is the first of two pictures in one file."""
    two = encoded(Image.new("L", (8, 8)), "MPO", save_all=True, append_images=[Image.new("L", (8, 8))])
    start = two.index(b"\xff\xe2")
    (length,) = struct.unpack(">H", two[start + 2 : start + 4])
    return jpeg[:2] + two[start : start + 2 + length] + jpeg[2:]


def bombs(*, long: bool) -> Iterator[Hostile]:
    """Small files that ask for much. With `long`, those too that take seconds of a core before they fall."""
    zeros = deflated_zeros(50_000_000)
    huge = zlib.compress(b"<!-- -->" * (1 << 20), 9)
    one = (b"IDAT", zlib.compress(bytes(4)))
    yield hostile("png of 2^31 cells", png(2**31 - 1, 2**31 - 1, one), REFUSED)
    yield hostile("png of 900 million cells", png(30_000, 30_000, (b"IDAT", zeros)), REFUSED)
    yield hostile("png just over the limit", png(4001, 4000, (b"IDAT", zeros)), REFUSED)
    yield hostile("png of 1 x 2^31 - 1", png(1, 2**31 - 1, one), REFUSED)
    yield hostile("png of 0 x 0", png(0, 0, one), UNKNOWN, REFUSED)
    yield hostile("png with 50 MB behind one cell", png(1, 1, (b"IDAT", zeros)), OK, REFUSED)
    for kind in (b"zTXt", b"iTXt", b"iCCP"):
        head = {b"zTXt": b"a\0\0", b"iTXt": b"a\0\1\0\0\0", b"iCCP": b"a\0\0"}[kind]
        texts = [(kind, head + huge)] * 40
        yield hostile(f"png with {kind.decode()} bombs", png(1, 1, *texts, one), OK, REFUSED, UNKNOWN)
    yield hostile("png of 30000 chunks", png(1, 1, *[(b"tEXt", b"a\0b")] * 30_000, one), OK, REFUSED)
    frames = (b"acTL", struct.pack(">II", 2**31 - 1, 0))
    yield hostile("png of 2^31 frames", png(1, 1, frames, one), OK, REFUSED)

    photo = encoded(Image.new("RGB", (64, 64), "red"), "JPEG")
    size = photo.index(b"\xff\xc0") + 5
    yield hostile("jpeg of 65500 x 65500", photo[:size] + b"\xff\xdc" * 2 + photo[size + 4 :], REFUSED)
    yield hostile("jpeg of 65 scans", scan_bomb(64, 65), REFUSED)
    yield hostile("jpeg of 4000 scans", scan_bomb(1500, 4000), REFUSED)
    yield hostile("jpeg of 4000 scans as one of two", as_one_of_two(scan_bomb(1500, 4000)), REFUSED)
    thumbnails = photo[:2] + segment(0xED, b"\xff\xda" * 100) + photo[2:]
    yield hostile("jpeg with markers of scans in its metadata", thumbnails, OK)
    yield hostile("jpeg with a film behind it", photo + b"\xff\xda" * 1000, OK)

    film = [Image.new("L", (2, 2), shade % 251) for shade in range(400)]
    for kind in ("GIF", "WEBP", "PNG"):
        content = encoded(film[0], kind, save_all=True, append_images=film[1:])
        yield hostile(f"{kind.lower()} of 400 frames", content, OK)
    gif = bytearray(encoded(Image.new("L", (9, 9)), "GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"
    yield hostile("gif of 65535 x 65535", bytes(gif), REFUSED)
    frame = bytes(gif).index(b",", 13)
    gif[6:10] = b"\x09\0\x09\0"
    gif[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    yield hostile("gif whose frame is larger than itself", bytes(gif), REFUSED)
    bmp = bytearray(encoded(Image.new("RGB", (9, 9)), "BMP"))
    for width, height in ((2**31 - 1, 2**31 - 1), (4001, 4000), (-9, -9), (9, -(2**31)), (0, 0)):
        bmp[18:26] = struct.pack("<ii", width, height)
        yield hostile(f"bmp of {width} x {height}", bytes(bmp), REFUSED, UNKNOWN)
    canvas = struct.pack("<I", 16382)[:3] * 2
    parts = b"VP8X\x0a\0\0\0\0\0\0\0" + canvas
    animated = b"VP8X\x0a\0\0\0\2\0\0\0" + canvas + b"ANIM\6\0\0\0\0\0\0\0\0\0"
    for name, content in (("webp", parts), ("animated webp", animated)):
        whole = b"RIFF" + struct.pack("<I", len(content) + 4) + b"WEBP" + content
        yield hostile(f"{name} of 16383 x 16383", whole, REFUSED, UNKNOWN)
    yield from hoards()
    yield from crowds()
    if long:
        yield hostile("jpeg of 40 scans over 16 million cells", scan_bomb(4000, 40), OK, REFUSED)
        flat = Image.new("RGBA", (4000, 4000), (1, 2, 3, 4))
        for kind in ("PNG", "WEBP", "GIF", "BMP"):
            yield hostile(f"{kind.lower()} of all that is allowed", encoded(flat, kind, quality=10), OK, 413)
        deep = png(4000, 4000, (b"IDAT", deflated_zeros(4000 * (8 * 4000 + 1))), bits=16, colour=6)
        yield hostile("png of 16 million cells, 16 bits and alpha", deep, OK)
        yield from largest()


def hoards() -> Iterator[Hostile]:
    """Small pictures with what takes hundreds of MB: texts of four bytes a letter, a frame to be wiped that
    is larger than a picture may be.
    """
    wide = zlib.compress(b"a" * ((1 << 20) - 9) + "\U0001f600".encode(), 9)
    texts = [(b"iTXt", b"%d\0\1\0\0\0" % number + wide) for number in range(60)]
    content = png(1, 1, *texts, (b"IDAT", zlib.compress(bytes(4))))
    yield hostile("png of 60 million wide letters", content, OK, REFUSED)
    gif = encoded(Image.new("L", (9, 9)), "GIF")
    head, frame = gif[: gif.index(b",", 13)], gif[gif.index(b",", 13) :]
    wiped = b"!\xf9\4\x08\0\0\0\0" + frame[:5] + struct.pack("<HH", 19_000, 19_000) + frame[9:]
    yield hostile("gif that wipes 19000 x 19000 cells", head + wiped, REFUSED)


def crowds() -> Iterator[Hostile]:
    """Files of millions of parts, that Pillow would look at one by one."""
    gif = encoded(Image.new("L", (9, 9)), "GIF")
    head, frame = gif[: gif.index(b",", 13)], gif[gif.index(b",", 13) :]
    yield hostile("gif of a million comments", head + b"!\xfe\1x\0" * 1_500_000 + frame, REFUSED)
    yield hostile("gif of 4 million blocks", head + b"!\xfe" + b"\1x" * 4_000_000 + b"\0" + frame, REFUSED)
    one = (b"IDAT", zlib.compress(bytes(4)))
    yield hostile("png of 900000 chunks", png(1, 1, *[(b"tEXt", b"a\0b")] * 900_000, one), REFUSED)
    profile = (b"iCCP", b"a\0\0" + zlib.compress(bytes(1_000_000), 9))
    yield hostile("png of 4000 profiles", png(1, 1, *[profile] * 4000, one), REFUSED)
    bmp = encoded(Image.new("P", (4000, 4000)), "BMP")
    runs = bmp[:30] + b"\1" + bmp[31 : 54 + 1024] + b"\1\1" * 5_000_000
    yield hostile("bmp of 5 million runs", runs, REFUSED)
    photo = encoded(Image.new("L", (9, 9)), "JPEG")
    for name, content in (
        ("3 million segments", b"\xff\xfe\0\2" * 3_000_000),
        ("9 MB of 0", bytes(9_000_000)),
    ):
        yield hostile(f"jpeg of {name}", photo[:2] + content + photo[2:], REFUSED)


def largest() -> Iterator[Hostile]:
    """Noise of 16 million cells in every format: nothing is larger in memory, or longer to decode.

    A slow machine may refuse it for its time.
    """
    noise = np.random.default_rng(1).integers(0, 256, (4000, 4000, 3), np.uint8)
    colour, grey = Image.fromarray(noise), Image.fromarray(noise[..., 0])
    for name, image, kind, options in (
        ("png, grey", grey, "PNG", {"compress_level": 1}),
        ("jpeg", colour, "JPEG", {"quality": 40}),
        ("jpeg, progressive", colour, "JPEG", {"quality": 40, "progressive": True}),
        ("jpeg, four inks", colour.convert("CMYK"), "JPEG", {"quality": 20}),
        ("webp", colour, "WEBP", {"quality": 30, "method": 0}),
        ("gif", grey.point(lambda value: value & 1), "GIF", {}),
        ("bmp, grey", grey, "BMP", {}),
        ("bmp, bilevel", grey.convert("1"), "BMP", {}),
    ):
        yield hostile(f"{name}, of noise", encoded(image, kind, **options), OK, REFUSED)


def orientations() -> Iterator[Hostile]:
    """What an orientation can be besides 1 to 8, and directories of metadata that lead nowhere."""
    turns = {
        "0": (3, 1, b"\0\0\0\0"),
        "9": (3, 1, b"\x09\0\0\0"),
        "65535": (3, 1, b"\xff\xff\0\0"),
        "a text": (2, 2, b"6\0\0\0"),
        "two numbers": (3, 2, b"\x06\0\x06\0"),
        "a byte": (1, 1, b"\x06\0\0\0"),
        "a fraction": (5, 1, b"\x08\0\0\0"),
        "no type": (99, 1, b"\x06\0\0\0"),
        "nothing": (3, 0, b"\0\0\0\0"),
    }
    for name, (kind_of_value, count, value) in turns.items():
        exif = (
            b"Exif\0\0II*\0\x08\0\0\0\1\0"
            + struct.pack("<HHI", 0x0112, kind_of_value, count)
            + value
            + bytes(4)
        )
        for kind in ("JPEG", "PNG", "WEBP"):
            content = encoded(Image.new("RGB", (9, 5)), kind, exif=exif)
            yield hostile(f"{kind} turned by {name}", content, OK)
    photo = encoded(Image.new("RGB", (9, 5)), "JPEG")
    endless = b"Exif\0\0II*\0\x08\0\0\0" + b"\xff\xff" + struct.pack("<HHII", 0x8769, 4, 1, 8) * 5000
    lying = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHII", 0x0112, 3, 2**32 - 1, 2**32 - 1)
    for name, content in (("a circle", endless), ("2^32 orientations", lying), ("nothing", b"Exif\0\0")):
        yield hostile(f"metadata of {name}", photo[:2] + segment(0xE1, content[:65000]) + photo[2:], OK)


def impostors() -> Iterator[Hostile]:
    """What is no picture of ours, and what is one and something else besides."""
    small = Image.new("RGB", (16, 16), "teal")
    others = ("TIFF", "PPM", "ICO", "PCX", "TGA", "SGI", "ICNS", "JPEG2000", "PDF", "EPS", "DDS")
    for kind in others:
        yield hostile(kind, encoded(small, kind), UNKNOWN)
    texts = {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "html": b"<!doctype html><script>alert(1)</script>",
        "xml of entities": b'<!DOCTYPE a [<!ENTITY b "&c;&c;">]><a>&b;</a>',
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file\n",
        "imagemagick": b'push graphic-context\nfill "url(https://127.0.0.1/|id)"\npop graphic-context\n',
        "zip": b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18),
        "gzip": b"\x1f\x8b\x08" + bytes(20),
        "elf": b"\x7fELF" + bytes(60),
        "pickle": b"\x80\x04\x95" + bytes(20),
        "one byte": b"\xff",
        "random": random.Random(5).randbytes(3000),
    }
    for name, content in texts.items():
        yield hostile(name, content, UNKNOWN)
    yield hostile("nothing", b"", REFUSED)
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP"):
        content = encoded(small, kind)
        for name, tail in texts.items():
            yield hostile(f"{kind} with {name} behind it", content + tail, OK)
    yield hostile("gif that is a script", b"GIF89a/*" + encoded(small, "GIF")[8:] + b"*/=1;", OK, REFUSED)
    photo = encoded(small, "JPEG")
    php = segment(0xFE, b"<?php system($_GET[0]); ?><script>alert(1)</script>")
    yield hostile("jpeg with a program in its comment", photo[:2] + php + photo[2:], OK)


def npy(header: str | bytes, payload: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    """A .npy file of any header."""
    text = header.encode() if isinstance(header, str) else header
    length = struct.pack("<H" if version == (1, 0) else "<I", len(text) % 65536)
    return b"\x93NUMPY" + bytes(version) + length + text + payload


def arrays() -> Iterator[Hostile]:
    """Headers of .npy files that lie, or ask for what is not read."""

    def header(shape: object, descr: object = "|u1", order: object = False) -> str:
        return f"{{'descr': {descr!r}, 'fortran_order': {order!r}, 'shape': {shape!r}, }}\n"

    for shape in (
        (2**62, 2**62),
        (2**31, 1),
        (-1, -4),
        (-2, 2),
        (0, 4),
        (),
        (4,),
        (1, 1, 1, 1, 4),
        (2**64, 0),
        (1,) * 33 + (4,),
        4,
        "ab",
        (2.0, 2),
        [2, 2],
        (None,),
        (True, 4),
        (1,) * 65 + (4,),
    ):
        yield hostile(f"npy of shape {shape!r}", npy(header(shape), bytes(4)), REFUSED)
    for descr in (
        "|O",
        "|b1",
        "<c8",
        "<M8[s]",
        "<U9",
        "|S4",
        "|V4",
        "<f3",
        "",
        [("a", "<f4")],
        ("<f4", (2, 2)),
        [("a", "|O")],
        7,
        None,
        "<i8, |O",
    ):
        yield hostile(f"npy of {descr!r}", npy(header((1, 1), descr), bytes(8)), REFUSED)
    yield hostile("npy, more bytes than it says", npy(header((2, 2)), bytes(5)), REFUSED)
    yield hostile("npy, fewer bytes than it says", npy(header((2, 2)), bytes(3)), REFUSED)
    yield hostile("npy by columns", npy(header((2, 3), "<f4", order=True), bytes(24)), OK)
    yield hostile("npy, most significant byte first", npy(header((2, 3), ">i2"), bytes(12)), OK)
    yield hostile("npy of half precision", npy(header((2, 3), "<f2"), bytes(12)), OK)
    yield hostile("npy of version 3", npy(header((2, 2)), bytes(4), (3, 0)), OK, REFUSED)
    yield hostile("npy of NaN", npy(header((1, 1), "<f4"), struct.pack("<f", float("nan"))), REFUSED)
    yield hostile("npy of 1e300", npy(header((1, 1), "<f8"), struct.pack("<d", 1e300)), REFUSED)
    yield hostile("npy of 2^63", npy(header((1, 1), "<u8"), struct.pack("<Q", 2**63 + 1)), REFUSED)
    for name, text in {
        "a circle of parentheses": "(" * 9000,
        "a program": "__import__('os').system('id')",
        "no header": "",
        "zero bytes": b"\0" * 100,
        "9 million digits": "{'shape': (" + "9" * 9000 + ",), 'descr': '|u1', 'fortran_order': False}",
        "thousands of digits": "{'shape': (0x" + "f" * 4000 + ",), 'descr': '|u1', 'fortran_order': False}",
        "two shapes": "{'shape': (2, 2), 'shape': (9, 9), 'descr': '|u1', 'fortran_order': False}",
        "another key": "{'shape': (2, 2), 'descr': '|u1', 'fortran_order': False, 'x': 1}",
        "long integers of Python 2": "{'shape': (2L, 2L), 'descr': '|u1', 'fortran_order': False}",
    }.items():
        yield hostile(f"npy of {name}", npy(text, bytes(4)), REFUSED, OK)
    for version in ((0, 0), (9, 9), (255, 255)):
        yield hostile(f"npy of version {version}", npy(header((2, 2)), bytes(4), version), REFUSED)
    yield hostile("npy whose header is longer than it", b"\x93NUMPY\1\0\xff\xff{", REFUSED)
    yield hostile("npy of its first bytes alone", b"\x93NUMPY", REFUSED)
    stream = io.BytesIO()
    np.savez(stream, np.zeros((2, 2)))
    yield hostile("npz", stream.getvalue(), UNKNOWN)
