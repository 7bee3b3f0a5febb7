import io
import struct
from typing import Any

import pytest
from PIL import Image

from app.images.structure import MOST_PARTS, Structure, structure

PICTURE = Image.new("RGB", (7, 5), "teal")
COMMENT = b"\xff\xfe\0\2"


def encoded(kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    PICTURE.save(stream, kind, **options)
    return stream.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + bytes(4)


def gif_extension(*blocks: bytes) -> bytes:
    return b"!\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


@pytest.fixture
def jpeg() -> bytes:
    return encoded("JPEG")


class TestJPEG:
    def test_segments_are_counted_once_each(self, jpeg: bytes) -> None:
        parts = structure(jpeg).parts
        assert 5 < parts < 15
        assert structure(jpeg[:2] + COMMENT * 3 + jpeg[2:]) == Structure(parts + 3, 1)

    def test_what_stands_between_segments_is_counted_up_to_the_first_scan(self, jpeg: bytes) -> None:
        parts = structure(jpeg).parts
        for stray in (bytes(11), b"\xff" * 11, b"\xff\0" * 5 + b"\0", b"\xff\xd0" * 5 + b"\xff"):
            assert structure(jpeg[:2] + stray + jpeg[2:]) == Structure(parts + 11, 1)
            assert structure(jpeg[:-2] + stray + jpeg[-2:]) == Structure(parts, 1)

    def test_bytes_without_an_end_are_counted(self) -> None:
        assert structure(b"\xff\xd8" + bytes(9)) == Structure(9)

    def test_only_what_a_decoder_takes_for_a_scan_is_one(self) -> None:
        photo = encoded("JPEG", progressive=True)
        scans = structure(photo).scans
        assert 5 < scans < 15
        metadata = b"\xff\xed" + struct.pack(">H", 202) + b"\xff\xda" * 100
        for same in (photo[:2] + metadata + photo[2:], photo + b"\xff\xda" * 100, photo[:-2]):
            assert structure(same).scans == scans
        assert structure(b"\xff\xd8\xff\xda\0\0\xff\xff\xda\0").scans == 2

    def test_an_end_before_the_first_scan_is_none(self, jpeg: bytes) -> None:
        parts = structure(jpeg).parts
        assert structure(jpeg[:2] + b"\xff\xd9" + COMMENT * 3 + jpeg[2:]) == Structure(parts + 4, 1)


class TestPNG:
    def test_chunks_are_counted_up_to_the_end(self) -> None:
        png = encoded("PNG")
        assert structure(png) == Structure(3)
        chunk = png_chunk(b"tEXt", b"IEND")
        assert structure(png[:33] + chunk * 4 + png[33:] + chunk * 5) == Structure(7)

    def test_colour_profiles_are_counted(self) -> None:
        png = encoded("PNG")
        profiles = png_chunk(b"iCCP", b"a\0\0") * 3
        assert structure(png[:33] + profiles + png[33:] + profiles) == Structure(6, profiles=3)

    def test_a_length_that_lies_ends_it(self) -> None:
        png = encoded("PNG")
        assert structure(png[:33] + b"\xff" * 4 + png[37:]) == Structure(2)


class TestGIF:
    @pytest.mark.parametrize("colours", [2, 4, 256])
    def test_blocks_are_counted_up_to_the_first_frame(self, colours: int) -> None:
        gif = encoded("GIF")
        palette = bytes(3 * colours)
        head = gif[:10] + bytes([0x80 | colours.bit_length() - 2]) + gif[11:13] + palette
        frame = b"," + bytes(20)
        assert structure(head + frame) == Structure(1)
        assert structure(head + gif_extension(b"a", b",;!") + frame * 5) == Structure(4)
        assert structure(head + gif_extension() * 3 + b"\0\0" + frame) == Structure(6)
        assert structure(head + gif_extension() + b";" + gif_extension()) == Structure(2)

    def test_without_a_palette(self) -> None:
        gif = encoded("GIF")
        assert structure(gif[:10] + b"\7" + gif[11:13] + gif_extension(b"abc") + b",") == Structure(3)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + COMMENT * (2 * MOST_PARTS),
        b"\xff\xd8" + bytes(2 * MOST_PARTS),
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"tEXt", b"") * (2 * MOST_PARTS),
        b"GIF89a" + bytes(7) + gif_extension() * (2 * MOST_PARTS),
        b"GIF89a" + bytes(7) + gif_extension(*[b"a"] * (2 * MOST_PARTS)),
    ],
    ids=["segments", "stray bytes", "chunks", "extensions", "blocks of one"],
)
def test_counting_ends_soon_above_the_limit(data: bytes) -> None:
    assert MOST_PARTS < structure(data).parts <= 2 * MOST_PARTS
    for cut in range(40):
        assert structure(data[:cut]).parts <= 40


@pytest.mark.parametrize("kind", ["BMP", "WEBP"])
def test_of_others_nothing_is_counted(kind: str) -> None:
    assert structure(encoded(kind)) == Structure(1)
