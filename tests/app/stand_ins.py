"""What a hostile file could make a decoder do. A module of its own: each child process imports it anew."""

import os
import time

from app.images import decode as module
from app.images.decode import Decoded, Heavy, Unreadable

_DECODE = module.decode


def sleep(data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int) -> None:
    time.sleep(60)


def doze(data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int) -> Decoded | Unreadable | Heavy:
    time.sleep(0.6)
    return module.decode_limited(data, most_pixels, cpu_seconds, given_bytes)


def weigh(data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int) -> Decoded | Unreadable | Heavy:
    def look_slowly(data: bytes, most_pixels: int, given_bytes: int) -> Decoded | Heavy:
        time.sleep(0.7)
        return Heavy(100 << 20) if given_bytes < 100 << 20 else Decoded(b"", 1, 1, 1)

    module.decode = look_slowly
    return module.decode_limited(data, most_pixels, cpu_seconds, given_bytes)


def spin(data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int) -> Decoded | Unreadable | Heavy:
    def spin_for_ever(data: bytes, most_pixels: int, given_bytes: int) -> Decoded:
        while True:
            pass

    module.decode = spin_for_ever
    return module.decode_limited(data, most_pixels, cpu_seconds, given_bytes)


def hoard(data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int) -> Decoded | Unreadable | Heavy:
    def take_memory(data: bytes, most_pixels: int, given_bytes: int) -> Decoded:
        bytearray(600 * 1024 * 1024)
        raise AssertionError("there was memory")

    module._decode = take_memory
    return module.decode_limited(data, most_pixels, cpu_seconds, given_bytes)


def exhaust(data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int) -> None:
    raise MemoryError


def starve(data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int) -> Decoded | Unreadable | Heavy:
    def raise_while_it_says_so(data: bytes, most_pixels: int, given_bytes: int) -> Decoded:
        raise MemoryError

    module.decode = raise_while_it_says_so
    try:
        return module.decode_limited(data, most_pixels, cpu_seconds, given_bytes)
    finally:
        module.decode = _DECODE


def crash(data: bytes, most_pixels: int, cpu_seconds: int, given_bytes: int) -> None:
    os._exit(3)
