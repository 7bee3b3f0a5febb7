"""What pictures take: while they are decoded, how many are at once, and while they are kept."""

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.images.decode import Decoded, Heavy, Unreadable
from app.images.decoder import Decoder
from app.settings import MIB, Settings
from app.store import SqliteStore
from tests.chaos.files import encoded, hoards

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is looked at in /proc")

SIDE = 2000
_SLACK = 12 * MIB  # Pillow's modules, buffers of the codecs, what the allocator keeps

# Decodes each file with all the memory that it wants, and prints how much more of it there was at most.
MEASURED = """
import json, re, sys
from app.images.decode import Decoded, Heavy, decode, limit_this_process

def resident(name):
    return int(re.search(rf"^{name}:\\s+(\\d+)", open("/proc/self/status").read(), re.MULTILINE)[1]) * 1024

limit_this_process(512 << 20)
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    said = decode(data, 10**8, 0)
    assert isinstance(said, Heavy), said
    open("/proc/self/clear_refs", "w").write("5")  # the peak begins anew
    before = resident("VmRSS")
    assert isinstance(decode(data, 10**8), Decoded), name
    print(json.dumps([name, said.needed_bytes, resident("VmHWM") - before]))
"""


def files(folder: Path) -> list[Path]:
    """Pictures of 4 million cells, each in a way that takes more than others."""
    noise = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    colour = Image.fromarray(noise)
    flat = Image.new("RGBA", (SIDE, SIDE), (9, 8, 7, 6))
    deep = Image.fromarray(np.full((SIDE, SIDE), 999, np.uint16))
    turned = Image.Exif()
    turned[0x0112] = 6
    ways: dict[str, tuple[Image.Image, str, dict[str, Any]]] = {
        "webp": (flat, "WEBP", {"lossless": True, "quality": 0, "method": 0, "exif": turned}),
        "webp-animated": (
            flat,
            "WEBP",
            {"save_all": True, "append_images": [colour], "quality": 1, "method": 0},
        ),
        "progressive": (
            colour,
            "JPEG",
            {"quality": 40, "subsampling": 0, "progressive": True, "exif": turned},
        ),
        "four-inks": (colour.convert("CMYK"), "JPEG", {"quality": 20, "progressive": True}),
        "jpeg": (colour, "JPEG", {"quality": 30, "exif": turned}),
        "png": (flat, "PNG", {"exif": turned}),
        "png-16-bit": (deep, "PNG", {}),
        "png-animated": (flat, "PNG", {"save_all": True, "append_images": [colour.convert("RGBA")]}),
        "gif": (flat.convert("P"), "GIF", {"transparency": 0}),
        "bmp": (flat, "BMP", {}),
    }
    found = []
    for name, (image, kind, options) in ways.items():
        found.append(folder / name)
        image.save(found[-1], kind, **options)
    return found


def run(script: str, names: list[Path]) -> list[Any]:
    """What the script prints for each file."""
    said = subprocess.run(
        [sys.executable, "-c", script, *map(str, names)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_no_picture_takes_more_memory_than_is_said_of_it(tmp_path: Path) -> None:
    written = files(tmp_path)
    lines = run(MEASURED, written)
    assert len(lines) == len(written)
    over = [
        f"{Path(name).name}: {taken >> 20} of {needed >> 20} MB"
        for name, needed, taken in lines
        if taken > needed + _SLACK
    ]
    assert not over, over


# Decodes each file as one that seems to need little, and prints how much more memory there was at most.
BOMBED = """
import json, re, sys
from app.images.decode import Decoded, decode_limited, limit_this_process

def resident(name):
    return int(re.search(rf"^{name}:\\s+(\\d+)", open("/proc/self/status").read(), re.MULTILINE)[1]) * 1024

limit_this_process(512 << 20)
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    open("/proc/self/clear_refs", "w").write("5")
    before = resident("VmRSS")
    said = decode_limited(data, 16_000_000, 4, 64 << 20)
    reason = "" if isinstance(said, Decoded) else said.reason
    print(json.dumps([reason, resident("VmHWM") - before - len(data)]))
"""


def test_what_comes_with_a_picture_takes_little_memory(tmp_path: Path) -> None:
    """Even if it is the frame or the texts that ask for it, or what it is that nobody thought of."""
    bombs = [file.content for file in hoards()]
    good = tmp_path / "good"
    Image.new("RGB", (9, 9)).save(good, "PNG")
    for number, content in enumerate(bombs):
        (tmp_path / str(number)).write_bytes(content)
    names = [good, *(tmp_path / str(number) for number in range(len(bombs))), good]
    said = run(BOMBED, names)
    assert [reason for reason, _ in said] == ["", *["needs too much memory to decode"] * len(bombs), ""]
    assert max(taken for _, taken in said) <= 64 * MIB + 2 * _SLACK


class Sized:
    """A file whose picture needs so many MB, by the stand-in for a decoder below."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self.reads = 0

    async def seek(self, offset: int) -> None:
        assert offset == 0

    async def read(self) -> bytes:
        self.reads += 1
        return b"%d" % self.megabytes


async def turns() -> None:
    """Returns when all that can go on without waiting has gone on."""
    for _ in range(50):
        await asyncio.sleep(0)


def test_pictures_that_need_much_wait_for_one_another_and_no_other_waits_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def decode(
        self: Decoder, upload: Sized, given_bytes: int, seconds: float
    ) -> Decoded | Unreadable | Heavy:
        needed = int(await upload.read()) * MIB
        return Heavy(needed) if needed > given_bytes else Decoded(b"", 1, 1, 1)

    monkeypatch.setattr(Decoder, "_decode", decode)

    async def run() -> None:
        decoder = Decoder(Settings(decode_workers=2))
        kept: list[int] = []
        keep = asyncio.Event()

        async def upload(megabytes: int) -> None:
            async with decoder.decoded(Sized(megabytes)):
                kept.append(megabytes)
                if megabytes > 64:
                    await keep.wait()

        async with asyncio.TaskGroup() as tasks:
            for megabytes in (256, 255, 70):
                tasks.create_task(upload(megabytes))
            await turns()
            assert kept == [256]
            await upload(64)
            await upload(1)
            assert kept == [256, 64, 1]
            keep.set()
        assert sorted(kept[3:]) == [70, 255]
        keep.clear()
        kept.clear()
        async with asyncio.TaskGroup() as tasks:
            for megabytes in (160, 160, 70):
                tasks.create_task(upload(megabytes))
            await turns()
            assert kept == [160, 160]
            keep.set()
        assert kept == [160, 160, 70]
        # More than there is: alone.
        async with decoder.decoded(Sized(2000)):
            waiting = asyncio.create_task(upload(65))
            await turns()
            assert not waiting.done()
            waiting.cancel()
        async with asyncio.timeout(5), AsyncExitStack() as held:
            await held.enter_async_context(decoder.decoded(Sized(320)))

    asyncio.run(run())


def test_what_is_kept_is_not_held_a_second_time(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store", most_bytes=100 * MIB, ttl_seconds=1000)
    try:
        store.add_image(b"x")
        body = os.urandom(40 * MIB)
        Path("/proc/self/clear_refs").write_text("5")
        before = resident("VmRSS")
        kept = store.add_image(body).id
        assert resident("VmHWM") - before < len(body) // 2
        assert store.get("image", kept, "id").body == body
    finally:
        store.close()


def test_of_large_files_the_memory_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given_back = threading.Event()
    noise = np.random.default_rng(5).integers(0, 256, (1000, 1000, 3), np.uint8)
    small = encoded(Image.new("L", (9, 9)), "PNG")
    photo = encoded(Image.fromarray(noise), "JPEG", quality=10)
    assert len(photo) < MIB
    monkeypatch.setattr("app.images.decoder.give_back", given_back.set)

    class File:
        def __init__(self, content: bytes) -> None:
            self.content = content

        async def seek(self, offset: int) -> None:
            assert offset == 0

        async def read(self) -> bytes:
            return self.content

    async def run() -> None:
        decoder = Decoder(Settings(decode_workers=1))
        try:
            for content, expected in ((small, False), (small.ljust(2 * MIB, b"x"), True), (photo, True)):
                async with decoder.decoded(File(content)):
                    pass
                assert await asyncio.to_thread(given_back.wait, 5 * expected) == expected
                given_back.clear()
        finally:
            decoder.close()

    asyncio.run(run())


# Frees blocks of 9 MB of which every second one is still needed, and prints what remains with and without.
RETAINED = """
import json, re, sys
from app.memory import give_back_at_once

def resident():
    return int(re.search(r"^VmRSS:\\s+(\\d+)", open("/proc/self/status").read(), re.MULTILINE)[1]) * 1024

def retained():
    before = resident()
    bytes(9 << 20)  # from now on glibc keeps blocks of this size, if it may
    blocks = [b"x" * (8 << 20) for _ in range(10)]
    kept = blocks[1::2]
    del blocks
    return resident() - before - sum(map(len, kept))

if sys.argv[1] == "at once":
    give_back_at_once(4 << 20)
print(json.dumps(retained()))
"""


def test_large_blocks_are_given_back_at_once() -> None:
    kept, given_back = (
        int(
            subprocess.run(
                [sys.executable, "-c", RETAINED, how],
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
                capture_output=True,
                timeout=60,
                check=True,
            ).stdout
        )
        for how in ("as it is", "at once")
    )
    assert kept > 20 * MIB, "or there is nothing to mend"
    assert given_back < MIB


def resident(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) * 1024
