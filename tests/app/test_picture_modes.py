"""What becomes of every mode that a picture can have, as docs/security.md says."""

import colorsys
import io
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import BmpImagePlugin, Image, ImageCms, PngImagePlugin

from app.images.decode import Decoded, _grey_or_rgb, decode

Cells = NDArray[np.float64]
DOCUMENT = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")
TABLE = {
    mode: int(channels)
    for modes, channels in re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \| ([13]) \|", DOCUMENT, re.MULTILINE)
    for mode in re.findall("`([^`]+)`", modes)
}
CELLS = np.random.default_rng(6).integers(0, 256, (16, 20, 4)).astype(np.float64)
PALETTE = np.random.default_rng(7).integers(0, 256, (256, 3))


def over_white(values: Cells) -> Cells:
    share = values[..., -1:] / 255
    return values[..., :-1] * share + 255 * (1 - share)


def unmultiplied(values: Cells) -> Cells:
    """Colours that are multiplied by their opacity already lie over white with the rest of it."""
    return np.minimum(values[..., :-1], values[..., -1:]) + 255 - values[..., -1:]


def from_luma(values: Cells) -> Cells:
    y, blue, red = values[..., 0], values[..., 1] - 128, values[..., 2] - 128
    rgb = [y + 1.402 * red, y - 0.344136 * blue - 0.714136 * red, y + 1.772 * blue]
    return np.clip(np.stack(rgb, axis=-1), 0, 255)


def from_hue(values: Cells) -> Cells:
    rows = [colorsys.hsv_to_rgb(*(cell / 255)) for cell in values.reshape(-1, 3)]
    return np.array(rows).reshape(values.shape) * 255


# Bands of the mode, what they become, and by how much integers may be off.
REFERENCE: dict[str, tuple[int, Callable[[Cells], Cells], float]] = {
    "1": (1, lambda values: np.where(values > 127, 255.0, 0.0), 0),
    "L": (1, lambda values: values, 0),
    "LA": (2, over_white, 1),
    "La": (2, unmultiplied, 2),
    "P": (1, lambda values: PALETTE[values[..., 0].astype(int)].astype(float), 0),
    "PA": (2, lambda values: over_white(np.dstack([PALETTE[values[..., 0].astype(int)], values[..., 1]])), 1),
    "RGB": (3, lambda values: values, 0),
    "RGBX": (4, lambda values: values[..., :3], 0),
    "RGBA": (4, over_white, 1),
    "RGBa": (4, unmultiplied, 2),
    "CMYK": (4, lambda values: (255 - values[..., :3]) * (255 - values[..., 3:]) / 255, 1),
    "YCbCr": (3, from_luma, 2),
    "HSV": (3, from_hue, 3),
}


def picture(mode: str, values: Cells) -> Image.Image:
    bands = [Image.fromarray(band.astype(np.uint8)) for band in np.moveaxis(values, -1, 0)]
    if mode == "1":
        return bands[0].point(lambda value: 255 * (value > 127)).convert("1")
    if mode in ("P", "PA"):
        image = Image.frombytes("P", bands[0].size, bands[0].tobytes())
        image.putpalette(PALETTE.astype(np.uint8).tobytes())
        if mode == "PA":
            image = image.convert("PA")
            image.putalpha(bands[1])
        return image
    raw = np.ascontiguousarray(values.astype(np.uint8)).tobytes()
    return Image.frombytes(mode, bands[0].size, raw)


def test_every_mode_that_our_formats_have_is_in_the_table() -> None:
    of_png = {mode for mode, _ in PngImagePlugin._MODES.values()}
    of_bmp = {mode for mode, _ in BmpImagePlugin.BIT2MODE.values()}
    others = {"1", "L", "P", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"}  # JPEG, WEBP, GIF; BMP with two colours
    assert of_png | of_bmp | others <= TABLE.keys()
    assert TABLE.keys() == REFERENCE.keys() | {"I", "I;16"}


@pytest.mark.parametrize("mode", REFERENCE)
def test_a_mode_becomes_what_the_table_says(mode: str) -> None:
    bands, reference, most = REFERENCE[mode]
    values = CELLS[..., :bands]
    if mode in ("La", "RGBa"):  # never more than the opacity
        values = np.minimum(values, values[..., -1:])
    found = _grey_or_rgb(picture(mode, values))
    assert len(found.getbands()) == TABLE[mode]
    expected = reference(values)
    pixels = np.asarray(found).reshape(*found.size[::-1], -1).astype(float)
    assert pixels.shape == expected.shape
    assert np.abs(pixels - expected).max() <= most + 0.5


@pytest.mark.parametrize(("mode", "colour"), [("1", 0), ("L", 128), ("RGB", (10, 20, 30))])
def test_a_transparent_colour_is_white(mode: str, colour: int | tuple[int, int, int]) -> None:
    image, stream = picture(mode, CELLS[..., : 3 if mode == "RGB" else 1]), io.BytesIO()
    image.paste(colour, (2, 3, 9, 7))
    image.save(stream, "PNG", transparency=colour)
    found = decode(stream.getvalue(), 1000)
    assert isinstance(found, Decoded)
    assert found.channels == TABLE[mode]
    expected = np.asarray(image.convert("RGB" if mode == "RGB" else "L")).reshape(16, 20, -1).copy()
    expected[(expected == colour).all(axis=-1)] = 255
    with Image.open(io.BytesIO(found.png)) as kept:
        assert np.array_equal(np.asarray(kept).reshape(expected.shape), expected)


def png_of(cells: NDArray[np.uint16], bits: int, colour: tuple[int, ...]) -> bytes:
    """A PNG of so many bits, grey or RGB, in which that colour is transparent."""
    rows = cells.reshape(len(cells), -1)
    if bits == 16:
        packed = rows.astype(">u2").view(np.uint8)
    else:
        packed = np.packbits((rows[..., np.newaxis] >> np.arange(bits)[::-1] & 1).reshape(len(rows), -1), 1)
    lines = b"".join(b"\0" + bytes(row) for row in packed)
    header = (
        b"IHDR",
        struct.pack(">IIBBBBB", cells.shape[1], len(cells), bits, 2 * (len(colour) > 1), 0, 0, 0),
    )
    parts = [header, (b"tRNS", struct.pack(f">{len(colour)}H", *colour)), (b"IDAT", zlib.compress(lines))]
    chunks = [struct.pack(">I", len(text)) + name + text + struct.pack(">I", zlib.crc32(name + text))
              for name, text in (*parts, (b"IEND", b""))]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(("bits", "bands"), [(1, 1), (2, 1), (4, 1), (8, 1), (16, 1), (8, 3), (16, 3)])
def test_a_transparent_colour_is_one_of_the_file_s_own_depth(bits: int, bands: int) -> None:
    """Which no picture has that Pillow writes."""
    cells = np.random.default_rng(9).integers(0, 2**bits, (9, 8, bands), np.uint16)
    colour = cells[4, 4].copy()
    cells[2, 3] = colour
    cells[6, 5] = (0, *colour[1:]) if colour[0] else (1, *colour[1:])
    found = decode(png_of(cells, bits, tuple(colour)), 1000)
    assert isinstance(found, Decoded)
    assert found.channels == bands
    whole = cells.astype(int)
    expected = whole >> 8 if bits == 16 else whole * 255 // (2**bits - 1)
    expected[(cells == colour).all(axis=-1)] = 255
    with Image.open(io.BytesIO(found.png)) as kept:
        assert np.array_equal(np.asarray(kept).reshape(expected.shape), expected)


@pytest.mark.parametrize("mode", ["I;16", "I"])
def test_of_16_bits_the_upper_8_are_kept(mode: str) -> None:
    deep = np.random.default_rng(8).integers(0, 65536, (16, 20))
    found = _grey_or_rgb(Image.fromarray(deep.astype(np.uint16 if mode == "I;16" else np.int32)))
    assert found.mode == "L"
    assert np.array_equal(np.asarray(found), deep >> 8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_nothing_but_the_pixels_is_kept(mode: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    said, exif, stream = PngImagePlugin.PngInfo(), Image.Exif(), io.BytesIO()
    said.add_text("Comment", "who made it")
    exif[0x010E] = "where it was made"
    Image.new(mode, (4, 3)).save(stream, "PNG", icc_profile=profile, pnginfo=said, exif=exif, dpi=(72, 72))
    assert all(chunk in stream.getvalue() for chunk in (b"iCCP", b"tEXt", b"eXIf", b"pHYs"))
    found = decode(stream.getvalue(), 100)
    assert isinstance(found, Decoded)
    chunks, at = [], 8
    while at < len(found.png):
        size, chunk = struct.unpack_from(">I4s", found.png, at)
        chunks.append(chunk)
        at += 12 + size
    assert chunks == [b"IHDR", b"IDAT", b"IEND"]
