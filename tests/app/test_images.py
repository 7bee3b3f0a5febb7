"""Uploads: every mode and orientation, hostile files, and the sizes a picture can be asked for."""

import asyncio
import io
import os
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.errors import RefusedError
from app.images import decoder as decoder_module
from app.images.decode import Decoded, Heavy, Unreadable, decode, decode_limited
from app.images.decoder import Decoder
from app.images.pixels import read_png, write_png
from app.images.structure import MOST_PARTS
from app.settings import Settings
from tests.app import stand_ins
from tests.app.serving import Served, serve

RANDOM = np.random.default_rng(4)
COLOUR = RANDOM.integers(0, 256, (5, 8, 3), dtype=np.uint8)
GREY = COLOUR[..., 0]
ALPHA = RANDOM.integers(0, 256, (5, 8), dtype=np.uint8)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def decoded(data: bytes) -> NDArray[np.uint8]:
    result = decode(data, 1_000_000)
    assert isinstance(result, Decoded), result
    pixels = np.asarray(Image.open(io.BytesIO(result.png)))
    assert pixels.shape[:2] == (result.height, result.width)
    assert pixels.reshape(*pixels.shape[:2], -1).shape[2] == result.channels
    return pixels


def over_white(values: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.float64]:
    share = alpha / 255 if values.ndim == 2 else alpha[..., np.newaxis] / 255
    return values * share + 255 * (1 - share)


class TestModes:
    @pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True})])
    def test_lossless_colour(self, kind: str, options: dict[str, Any]) -> None:
        assert np.array_equal(decoded(encoded(Image.fromarray(COLOUR), kind, **options)), COLOUR)

    def test_jpeg(self) -> None:
        smooth = np.repeat(np.repeat(COLOUR[:2, :3], 16, 0), 16, 1)
        found = decoded(encoded(Image.fromarray(smooth), "JPEG", quality=95, subsampling=0))
        assert np.abs(found[4:-4:16, 4:-4:16].astype(int) - smooth[4:-4:16, 4:-4:16]).max() <= 6

    @pytest.mark.parametrize("kind", ["PNG", "BMP"])
    def test_grey_has_one_channel(self, kind: str) -> None:
        assert np.array_equal(decoded(encoded(Image.fromarray(GREY), kind)), GREY)

    def test_a_gif_has_a_palette_and_so_three(self) -> None:
        found = decoded(encoded(Image.fromarray(GREY), "GIF"))
        assert np.array_equal(found, np.dstack([GREY, GREY, GREY]))

    def test_bilevel_is_black_and_white(self) -> None:
        found = decoded(encoded(Image.fromarray(GREY > 127)))
        assert np.array_equal(found, np.where(GREY > 127, 255, 0))

    def test_alpha_lies_over_white(self) -> None:
        found = decoded(encoded(Image.fromarray(np.dstack([COLOUR, ALPHA]))))
        assert np.abs(found - over_white(COLOUR, ALPHA)).max() <= 1

    def test_grey_alpha_lies_over_white_and_stays_grey(self) -> None:
        found = decoded(encoded(Image.fromarray(np.dstack([GREY, ALPHA]))))
        assert found.ndim == 2
        assert np.abs(found - over_white(GREY, ALPHA)).max() <= 1

    def test_a_palette_is_looked_up(self) -> None:
        palette = Image.fromarray(GREY // 64).convert("L").convert("P")
        palette.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
        expected = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]])[np.asarray(palette)]
        assert np.array_equal(decoded(encoded(palette)), expected)
        see_through = decoded(encoded(palette, transparency=2))
        assert np.array_equal(see_through, np.where((np.asarray(palette) == 2)[..., None], 255, expected))

    def test_16_bits_are_cut_to_their_upper_8(self) -> None:
        deep = RANDOM.integers(0, 65536, (5, 8), dtype=np.uint16)
        assert np.array_equal(decoded(encoded(Image.fromarray(deep))), deep >> 8)

    def test_cmyk(self) -> None:
        image = Image.new("CMYK", (40, 30), (255, 0, 255, 0))
        found = decoded(encoded(image, "JPEG", quality=100))
        assert np.abs(found.astype(int) - [0, 255, 0]).max() <= 3

    def test_of_an_animation_the_first_frame(self) -> None:
        frames = [Image.new("RGB", (6, 4), colour) for colour in ("red", "blue")]
        for kind in ("GIF", "PNG", "WEBP"):
            animated = encoded(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
            assert np.array_equal(decoded(animated)[0, 0], [255, 0, 0]), kind

    def test_the_picture_kept_has_no_metadata(self) -> None:
        exif = Image.Exif()
        exif[0x010E] = "the author's street"
        data = encoded(Image.fromarray(COLOUR), exif=exif, icc_profile=b"x" * 200)
        result = decode(data, 1000)
        assert isinstance(result, Decoded)
        assert b"street" in data
        assert b"street" not in result.png
        assert Image.open(io.BytesIO(result.png)).info == {}


ORIENTATIONS: dict[int, Callable[[Any], Any]] = {
    1: lambda stored: stored,
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: stored.swapaxes(0, 1),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: stored[::-1, ::-1].swapaxes(0, 1),
    8: lambda stored: np.rot90(stored),
}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_exif_orientations(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert np.array_equal(
        decoded(encoded(Image.fromarray(COLOUR), exif=exif)), ORIENTATIONS[orientation](COLOUR)
    )


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # as in a process that decodes
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("start", [b"Exif\0\0", b""])
def test_metadata_that_cannot_be_read_turn_nothing(kind: str, start: bytes) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    good = exif.tobytes().removeprefix(b"Exif\0\0")
    image = Image.fromarray(COLOUR)
    for bad in (
        b"XX" + good[2:],
        good[:9],
        good.replace(b"\x01\x12\0\x03", b"\x01\x12\xff\xff"),
        b"II*\0" + b"\xff" * 40,
    ):
        assert decoded(encoded(image, kind, exif=start + bad)).shape == COLOUR.shape, bad


def png_of(width: int, height: int, payload: bytes) -> bytes:
    """A PNG with the header of any size over any payload."""

    def part(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", payload) + part(b"IEND", b"")


class TestHostileFiles:
    @pytest.mark.parametrize(
        "data",
        [
            png_of(5000, 5000, zlib.compress(bytes(1000))),
            png_of(2**31 - 1, 2**31 - 1, b""),
            png_of(1001, 1000, b""),
            encoded(Image.fromarray(COLOUR))[:60],
            encoded(Image.new("RGB", (400, 300), "red"), "JPEG")[:500],
            encoded(Image.fromarray(COLOUR)).replace(b"IDAT", b"IDAX"),
            b"\xff\xd8\xff\xe0" + bytes(40),
            b"GIF89a" + bytes(3),
            b"RIFF\x10\x00\x00\x00WEBPVP8 ",
            b"BM" + bytes(60),
        ],
    )
    def test_damage_and_bombs_are_named_not_raised(self, data: bytes) -> None:
        result = decode(data, 1_000_000)
        assert isinstance(result, Unreadable)

    def test_too_many_pixels_are_counted_in_the_header(self) -> None:
        result = decode(png_of(1001, 1000, b""), 1_000_000)
        assert isinstance(result, Unreadable)
        assert "1001 x 1000 = 1001000 pixels; the limit is 1000000" in result.reason

    @pytest.mark.parametrize("size", [(65536, 2), (2, 65536)])
    def test_too_long_a_side_is_refused(self, size: tuple[int, int]) -> None:
        """Pillow holds an address for each row: of pictures of one column that is most of their memory."""
        result = decode(encoded(Image.new("1", size)), 1_000_000)
        assert isinstance(result, Unreadable)
        assert result.reason == f"is {size[0]} x {size[1]} pixels; the longest side may be 65535"
        assert isinstance(decode(encoded(Image.new("1", (2, 65535))), 1_000_000), Decoded)

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            ("PNG", png_of(0, 5, b"")),
            ("PNG", encoded(Image.fromarray(COLOUR))[:20]),
            ("PNG", encoded(Image.fromarray(COLOUR)).replace(b"IHDR", b"IHDX")),
            (
                "JPEG",
                encoded(Image.fromarray(COLOUR), "JPEG").replace(
                    b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"
                ),
            ),
            ("JPEG", encoded(Image.fromarray(COLOUR), "JPEG")[:30]),
            ("WEBP", encoded(Image.fromarray(COLOUR), "WEBP")[:30]),
            ("GIF", b"GIF89a" + bytes(9)),
            ("BMP", encoded(Image.fromarray(COLOUR), "BMP").replace(b"\x18\0", b"\x19\0", 1)),
        ],
    )
    def test_a_file_that_cannot_be_opened_is_told_from_what_is_no_picture(
        self, kind: str, data: bytes
    ) -> None:
        expected = f"is damaged, cut short or a kind of {kind} that we do not read"
        assert decode(data, 1_000_000) == Unreadable(expected, known=True)

    @pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0", "lossless": True}])
    def test_a_webp_is_measured_before_its_decoder_takes_memory(self, options: dict[str, Any]) -> None:
        data = encoded(Image.fromarray(COLOUR), "WEBP", **options)
        assert decode(data, 1000, given_bytes=479) == Heavy(480)
        assert isinstance(decode(data, 1000, given_bytes=480), Decoded)
        result = decode(data, 39)
        assert isinstance(result, Unreadable)
        assert "8 x 5 = 40 pixels; the limit is 39" in result.reason

    def test_jpeg_scans_are_counted(self) -> None:
        progressive = encoded(Image.fromarray(COLOUR), "JPEG", progressive=True)
        assert isinstance(decode(progressive, 1000), Decoded)
        start = progressive.rindex(b"\xff\xda")
        bomb = progressive[:start] + progressive[start:-2] * 65 + progressive[-2:]
        result = decode(bomb, 1000)
        assert isinstance(result, Unreadable)
        assert "scans" in result.reason

    def test_a_file_of_too_many_parts_is_not_opened(self) -> None:
        png = encoded(Image.fromarray(COLOUR), "PNG")
        chunk = b"\0\0\0\0tEXt" + struct.pack(">I", zlib.crc32(b"tEXt"))
        few, many = (png[:33] + chunk * count + png[33:] for count in (MOST_PARTS - 3, MOST_PARTS - 2))
        assert isinstance(decode(few, 1000), Decoded)
        assert decode(many, 1000) == Unreadable(
            "has more than 65536 chunks, segments, blocks or stray bytes", known=True
        )

    def test_colour_profiles_are_counted(self) -> None:
        png = encoded(Image.fromarray(COLOUR), "PNG")
        content = b"iCCPa\0\0" + zlib.compress(bytes(200))
        profile = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
        assert isinstance(decode(png[:33] + profile * 64 + png[33:], 1000), Decoded)
        expected = Unreadable("has more than 64 colour profiles", known=True)
        assert decode(png[:33] + profile * 65 + png[33:], 1000) == expected

    @pytest.mark.parametrize(("bits", "compression"), [(8, 1), (4, 2)])
    def test_a_compressed_bmp_may_not_have_too_many_runs(self, bits: int, compression: int) -> None:
        """Here each run is of one cell."""

        def bmp(count: int) -> bytes:
            head = struct.pack("<IiiHHIIiiII", 40, 1000, 2500, 1, bits, compression, 0, 0, 0, 0, 0)
            cells = b"\1\7" * count
            return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + head + bytes(1024) + cells

        at_most = (4 << 20) - len(bmp(0))
        assert decode(bmp(at_most // 2 + 1), 10**7) == Unreadable(
            "is a compressed BMP of 4194306 bytes; the limit of those is 4194304", known=True
        )
        result = decode(bmp(at_most // 2), 10**7)
        assert isinstance(result, Unreadable)
        assert "damaged" in result.reason

    def test_the_scans_of_what_says_that_it_is_one_of_two_are_counted_too(self) -> None:
        frames = [Image.fromarray(COLOUR), Image.fromarray(COLOUR)]
        two = encoded(frames[0], "MPO", save_all=True, append_images=frames[1:])
        assert np.abs(decoded(two).astype(int) - decoded(encoded(frames[0], "JPEG"))).max() == 0
        end = two.index(b"\xff\xd9")
        start = two.index(b"\xff\xda")
        result = decode(two[:end] + two[start:end] * 64 + two[end:], 1000)
        assert isinstance(result, Unreadable)
        assert "scans" in result.reason

    def test_formats_pillow_knows_and_we_do_not_read(self) -> None:
        for kind in ("TIFF", "PPM", "ICO", "PCX"):
            result = decode(encoded(Image.new("RGB", (16, 16)), kind), 1000)
            assert result == Unreadable(
                "is not an image we can read; send PNG, JPEG, WEBP, GIF, BMP or NPY", False
            )

    def test_whatever_was_appended_is_not_kept(self) -> None:
        result = decode(encoded(Image.fromarray(COLOUR)) + b"<script>", 1000)
        assert isinstance(result, Decoded)
        assert b"<script>" not in result.png


class FileOf:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.was_read = False

    async def seek(self, offset: int) -> None:
        assert offset == 0

    async def read(self) -> bytes:
        self.was_read = True
        return self.content


async def picture_of(decoder: Decoder, file: FileOf) -> Decoded:
    async with decoder.decoded(file) as picture:
        return picture


def test_few_pictures_are_in_memory_until_they_are_kept() -> None:
    """However long it takes until there is a thread, or the disk, to keep them."""

    async def run() -> None:
        decoder = Decoder(Settings(decode_workers=2))
        try:
            files = [FileOf(encoded(Image.fromarray(COLOUR))) for _ in range(3)]
            async with AsyncExitStack() as held:
                for file in files[:2]:
                    await held.enter_async_context(decoder.decoded(file))
                third = asyncio.create_task(picture_of(decoder, files[2]))
                for _ in range(20):
                    await asyncio.sleep(0)
                assert not files[2].was_read
            assert isinstance(await third, Decoded)
        finally:
            decoder.close()

    asyncio.run(run())


class TestKilling:
    """The decoder's processes are killed in the middle of what they do, and others take their place."""

    def decode(self, monkeypatch: pytest.MonkeyPatch, *stand_ins: Any, **limits: Any) -> list[Any]:
        """Decode once with each stand-in for the decoding function, and then a good file for real."""

        async def run() -> list[Any]:
            decoder = Decoder(Settings(decode_workers=1, **limits))
            results = []
            try:
                for function in (*stand_ins, decode_limited):
                    monkeypatch.setattr(decoder_module, "decode_limited", function)
                    try:
                        results.append(await picture_of(decoder, FileOf(encoded(Image.fromarray(COLOUR)))))
                    except RefusedError as error:
                        results.append(error)
            finally:
                decoder.close()
            return results

        return asyncio.run(run())

    def test_a_pool_that_broke_is_replaced(self, caplog: pytest.LogCaptureFixture) -> None:
        """As when a process could not be started, because there were too many."""

        async def run() -> None:
            decoder = Decoder(Settings(decode_workers=1))
            try:
                decoder._pool.stop()
                decoder._pool.join()
                assert isinstance(
                    await picture_of(decoder, FileOf(encoded(Image.fromarray(COLOUR)))), Decoded
                )
            finally:
                decoder.close()

        asyncio.run(run())
        assert "the decoding processes are started anew" in caplog.text

    def test_the_deadline_counts_from_when_the_decode_starts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not from when the file was handed over: those that wait before it take their time."""

        async def run() -> list[Any]:
            decoder = Decoder(Settings(decode_workers=1, decode_seconds=1.5))
            monkeypatch.setattr(decoder_module, "decode_limited", stand_ins.doze)
            try:
                good = FileOf(encoded(Image.fromarray(COLOUR)))
                return list(await asyncio.gather(*(picture_of(decoder, good) for _ in range(4))))
            finally:
                decoder.close()

        assert all(isinstance(one, Decoded) for one in asyncio.run(run()))

    def test_a_decode_that_does_not_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        timed_out, good = self.decode(monkeypatch, stand_ins.sleep, decode_seconds=1)
        assert str(timed_out.reason) == "takes longer than 1 s to decode"
        assert timed_out.field == "file"
        assert isinstance(good, Decoded)

    def test_looking_at_a_file_and_decoding_it_share_the_deadline(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What takes much memory is looked at first: with much metadata each could take all of the time."""
        timed_out, good = self.decode(monkeypatch, stand_ins.weigh, decode_seconds=1)
        assert isinstance(timed_out, RefusedError)
        assert timed_out.reason == "takes longer than 1 s to decode"
        assert isinstance(good, Decoded)

    @pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="needs the limits of Linux")
    def test_a_decode_that_eats_cpu_memory_or_its_own_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cpu, memory, crash, exhausted, starved, good = self.decode(
            monkeypatch,
            stand_ins.spin,
            stand_ins.hoard,
            stand_ins.crash,
            stand_ins.exhaust,
            stand_ins.starve,
            decode_cpu_seconds=1,
            decode_seconds=30,
        )
        for error in (cpu, memory, crash, exhausted, starved):
            assert error.reason in {
                "takes too much memory or time to decode",
                "needs too much memory to decode",
            }
        assert isinstance(good, Decoded)


ORPHANS = """
import asyncio, io, multiprocessing, os, signal
from PIL import Image
from app.images.decoder import Decoder
from app.settings import Settings

class File:
    async def seek(self, offset):
        pass

    async def read(self):
        stream = io.BytesIO()
        Image.new("L", (9, 9)).save(stream, "PNG")
        return stream.getvalue()

async def decode(decoder):
    async with decoder.decoded(File()):
        pass

if __name__ == "__main__":
    decoder = Decoder(Settings(decode_workers=2))
    asyncio.run(decode(decoder))
    # As when it is killed while it stops a worker: the others wait for a lock that nobody gives back.
    with decoder._pool._pool_manager.worker_manager.workers_channel.lock(block=True):
        print(*[child.pid for child in multiprocessing.active_children()], flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
def test_decoding_processes_end_with_the_server(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(ORPHANS)
    root = str(Path(__file__).parents[2])
    said = tmp_path / "said"
    with said.open("w") as writer:  # a pipe would be held open by those that do not end
        subprocess.run(
            [sys.executable, script],
            env=os.environ | {"PYTHONPATH": root},
            stdout=writer,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
    children = [int(pid) for pid in said.read_text().split()]
    assert len(children) == 2
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}/exe").exists() for child in children):
        assert time.monotonic() < deadline, "they go on without a server"
        time.sleep(0.02)


class TestSizes:
    def test_shrinking_takes_the_mean(self) -> None:
        image = RANDOM.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        small = read_png(write_png(image), (2, 4))
        means = image.reshape(2, 3, 4, 2, 3).mean(axis=(1, 3))
        assert small.shape == (2, 4, 3)
        assert np.abs(small - means).max() <= 1

    def test_growing_repeats_and_invents_nothing(self) -> None:
        large = read_png(write_png(COLOUR), (10, 24))
        assert np.array_equal(large, np.repeat(np.repeat(COLOUR, 2, 0), 3, 1))

    def test_grey_is_luma_and_grey_as_colour_is_three_times_grey(self) -> None:
        luma = COLOUR @ [0.299, 0.587, 0.114]
        grey = read_png(write_png(COLOUR), channels="gray")
        assert grey.shape == (5, 8, 1)
        assert np.abs(grey[..., 0] - luma).max() <= 1
        assert np.array_equal(
            read_png(write_png(GREY[..., None]), channels="rgb"), np.dstack([GREY, GREY, GREY])
        )


class TestOverHttp:
    def test_an_upload_comes_back_as_png(self, server: Served) -> None:
        files = {"file": ("../../<b>.png", encoded(Image.fromarray(COLOUR)), "text/html")}
        answer = server.client.post("/api/v1/images", files=files)
        assert answer.status_code == 201
        image = answer.json()
        assert (image["width"], image["height"], image["channels"]) == (8, 5, 3)
        assert answer.headers["location"] == image["url"] == f"/api/v1/images/{image['id']}"
        png = server.client.get(image["url"])
        assert png.headers["content-type"] == "image/png"
        assert png.headers["cache-control"] == "private, no-store"
        assert png.headers["x-content-type-options"] == "nosniff"
        assert png.headers["content-disposition"] == "attachment"
        assert np.array_equal(Image.open(io.BytesIO(png.content)), COLOUR)

    def test_a_text_in_the_place_of_a_file(self, server: Served) -> None:
        answer = server.client.post("/api/v1/images", files={"file": (None, "harbour")})
        assert answer.status_code == 422
        assert answer.json()["detail"] == "file: must be a file: its part needs a filename"

    def test_the_same_upload_twice_has_two_ids(self, server: Served) -> None:
        files = {"file": ("a.png", encoded(Image.fromarray(COLOUR)))}
        first, second = (server.client.post("/api/v1/images", files=files).json()["id"] for _ in range(2))
        assert first != second
        assert len(first) == 32

    def test_an_upload_is_traced(self, server: Served) -> None:
        files = {"file": ("a.bmp", encoded(Image.fromarray(COLOUR), "BMP"))}
        image = server.client.post("/api/v1/images", files=files).json()
        operation = {"type": "conv2d", "kernel": [[1]], "padding": "VALID"}
        trace = server.trace(input={"image_id": image["id"]}, operation=operation)
        assert trace["input"] | {"url": ""} == {
            "height": 5,
            "width": 8,
            "channels": 3,
            "dtype": "uint8",
            "url": "",
        }
        explained = server.client.get(trace["url"] + "/positions/11").json()
        assert [tap["value"] for tap in explained["taps"]] == COLOUR[1, 3].tolist()
        assert explained["sum"] == COLOUR[1, 3].sum()

    @pytest.mark.parametrize("batch", [(), (1,)])
    @pytest.mark.parametrize("dtype", [np.uint8, np.float64])
    def test_an_array_of_many_channels_is_kept_and_traced(
        self, server: Served, dtype: type, batch: tuple[int, ...]
    ) -> None:
        array = np.random.default_rng(5).integers(0, 255, (6, 7, 64)).astype(dtype)
        if dtype is np.float64:
            array -= 100.25
        stream = io.BytesIO()
        np.save(stream, array.reshape(*batch, *array.shape))
        kept = server.client.post(
            "/api/v1/images", files={"file": ("features.npy", stream.getvalue())}
        ).json()
        assert (kept["kind"], kept["height"], kept["width"], kept["channels"]) == ("array", 6, 7, 64)
        answer = server.client.get(kept["url"])
        assert answer.headers["content-type"] == "application/x-npy"
        assert np.array_equal(np.load(io.BytesIO(answer.content)), array)
        operation = {"type": "conv2d", "kernel": [[1, 2]], "padding": "VALID"}
        trace = server.trace(input={"image_id": kept["id"]}, operation=operation)
        assert (trace["input"]["channels"], trace["group_channels"]) == (64, 64)
        explained = server.client.get(trace["url"] + "/positions/8").json()
        assert explained["sum"] == pytest.approx((array[1, 2] + 2.0 * array[1, 3]).sum(), rel=1e-6)

    def test_an_array_of_one_plane_is_kept_as_one_channel(self, server: Served) -> None:
        stream = io.BytesIO()
        np.save(stream, np.arange(6, dtype=np.uint8).reshape(2, 3))
        kept = server.client.post("/api/v1/images", files={"file": ("a.npy", stream.getvalue())}).json()
        assert (kept["height"], kept["width"], kept["channels"]) == (2, 3, 1)

    def test_a_photo_with_too_many_pixels(self, tmp_path: Path) -> None:
        with serve(tmp_path, image_pixels=39) as served:
            files = {"file": ("a.png", encoded(Image.fromarray(COLOUR)))}
            answer = served.client.post("/api/v1/images", files=files)
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["field"] == "file"
            assert "5 = 40 pixels; the limit is 39" in answer.json()["detail"]

    def test_uploads_wait_for_one_another_up_to_a_limit(self, tmp_path: Path) -> None:
        files = {"file": ("a.png", encoded(Image.fromarray(COLOUR)))}
        with serve(tmp_path, decode_queue=3, decode_workers=1) as served:
            statuses: list[int] = []

            def upload() -> None:
                statuses.append(served.client.post("/api/v1/images", files=files).status_code)

            threads = [threading.Thread(target=upload) for _ in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert set(statuses) == {201, 503}
            assert statuses.count(201) >= 3
