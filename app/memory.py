"""What becomes of memory that is freed: glibc keeps most of what a crowd of large files took, for good."""

import ctypes
import sys
from contextlib import suppress

_MMAP_THRESHOLD = -3  # glibc's number for it


def give_back() -> None:
    """Give to the system what is free. Takes milliseconds."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # of another library of C
            ctypes.CDLL(None).malloc_trim(0)


def give_back_at_once(least_bytes: int) -> None:
    """From now on, give to the system whatever is as large as this as soon as it is freed."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, least_bytes)
