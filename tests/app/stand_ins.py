"""What a hostile file could make a decoder do. A module of its own: each child process imports it anew."""

import os
import time

from app.images import decode as module
from app.images.decode import Decoded, Unreadable


def sleep(data: bytes, most_pixels: int, cpu_seconds: int) -> None:
    time.sleep(60)


def doze(data: bytes, most_pixels: int, cpu_seconds: int) -> Decoded | Unreadable:
    time.sleep(0.6)
    return module.decode_limited(data, most_pixels, cpu_seconds)


def spin(data: bytes, most_pixels: int, cpu_seconds: int) -> Decoded | Unreadable:
    def spin_for_ever(data: bytes, most_pixels: int) -> Decoded:
        while True:
            pass

    module.decode = spin_for_ever
    return module.decode_limited(data, most_pixels, cpu_seconds)


def hoard(data: bytes, most_pixels: int, cpu_seconds: int) -> Decoded | Unreadable:
    def take_memory(data: bytes, most_pixels: int) -> Decoded:
        bytearray(600 * 1024 * 1024)
        raise AssertionError("there was memory")

    module._decode = take_memory
    return module.decode_limited(data, most_pixels, cpu_seconds)


def crash(data: bytes, most_pixels: int, cpu_seconds: int) -> None:
    os._exit(3)
