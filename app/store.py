"""What outlives a request: uploaded images and traces, under ids nobody can guess."""

import hashlib
import logging
import secrets
import shutil
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from app import __version__
from app.database import Database, DatabaseError, FullError, LockedError
from app.errors import (
    BusyError,
    FullStorageError,
    NotFoundError,
    RefusedError,
    RequestError,
    UnavailableError,
)

Kind = Literal["image", "trace"]
Condition = Literal["ok", "new", "full", "broken"]
_log = logging.getLogger("convloupe")
_ROW_BYTES = 512  # what an entry costs beside its body: rows, indices, page slack
_PIECE_BYTES = 1 << 20
_TOUCH_SECONDS = 60  # what is used again within it is not noted as used anew

# The bodies are apart: SQLite writes a whole row anew when one column of it changes, and `used_at` changes
# often. `content` has those of the version before, which has no checksums and may still be running.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    used_at REAL NOT NULL,
    expires_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS checked (id TEXT PRIMARY KEY, crc32 INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS content (id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entry_used ON entry (used_at);
CREATE INDEX IF NOT EXISTS entry_expires ON entry (expires_at);
CREATE TABLE IF NOT EXISTS total (bytes INTEGER NOT NULL);
INSERT INTO total SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM total);
CREATE TRIGGER IF NOT EXISTS entry_added AFTER INSERT ON entry BEGIN
    UPDATE total SET bytes = bytes + new.bytes;
END;
CREATE TRIGGER IF NOT EXISTS entry_removed AFTER DELETE ON entry BEGIN
    UPDATE total SET bytes = bytes - old.bytes;
    DELETE FROM content WHERE id = old.id;
END;
CREATE TRIGGER IF NOT EXISTS checked_removed AFTER DELETE ON entry BEGIN
    DELETE FROM checked WHERE id = old.id;
END;
"""
_BODILESS = "DELETE FROM entry WHERE id NOT IN (SELECT id FROM checked UNION SELECT id FROM content)"
_BODY = "SELECT body, crc32 FROM checked WHERE id = ?1 UNION ALL SELECT body, NULL FROM content WHERE id = ?1"


@dataclass(frozen=True)
class Entry:
    """A stored body."""

    id: str
    body: bytes
    expires_at: datetime


class Store(Protocol):
    """Every replica of the server sees the same entries; each call is one transaction."""

    def add_image(self, png: bytes) -> Entry:
        """Keep an image under a new random id."""

    def add_trace(self, request: bytes) -> Entry:
        """Keep a canonical request. The same one always has the same id, and lasts the full time anew.

        Until the next version: clients may keep what was answered under an id, and versions answer otherwise.
        """

    def kept_trace(self, request: bytes) -> Entry | None:
        """What `add_trace` answers, if it kept the same request a moment ago and has nothing to write."""

    def get(self, kind: Kind, entry_id: str, field: str) -> Entry:
        """The entry, or NotFoundError naming `field`. What is not as it was kept is let go."""

    def require(self, kind: Kind, entry_id: str, field: str) -> datetime:
        """When the entry expires, or NotFoundError. It counts as used, as `get` does, and is not read."""

    def usage(self) -> tuple[int, int]:
        """How many entries there are, and how many bytes of the quota they use."""

    def condition(self) -> Condition:
        """new: what was there was broken, and has been set aside; full: nothing more can be kept."""

    def at_hand(self, kind: Kind, entry_id: str) -> bool:
        """Whether the entry is there and was used a moment ago, so that its use need not be noted.

        Answers at once, also to the event loop: it never waits for who writes. False says nothing.
        """

    def close(self) -> None:
        """Let go of the file."""


class SqliteStore:
    """A Store in one SQLite file, shared by any number of threads and processes.

    What cannot be kept because the disk is full, or would not have `free_bytes` left, is a FullStorageError,
    and changes nothing. A file that is broken is an UnavailableError until the next start.
    """

    def __init__(
        self,
        path: Path,
        *,
        most_bytes: int,
        ttl_seconds: float,
        free_bytes: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = path.parent
        self._most_bytes = most_bytes
        self._ttl_seconds = ttl_seconds
        self._free_bytes = free_bytes
        self._clock = clock
        self._database = Database(path, _SCHEMA, index="entry", tidy=self._sweep)
        with self._transaction() as connection:
            connection.execute("DELETE FROM secret WHERE typeof(value) != 'blob' OR length(value) != 32")
            connection.execute(
                "INSERT INTO secret SELECT ? WHERE NOT EXISTS (SELECT 1 FROM secret)",
                (secrets.token_bytes(32),),
            )
            self._secret: bytes = connection.execute("SELECT value FROM secret").fetchone()[0]

    def add_image(self, png: bytes) -> Entry:
        return self._put("image", secrets.token_hex(16), png)

    def add_trace(self, request: bytes) -> Entry:
        return self._put("trace", self._trace_id(request), request)

    def kept_trace(self, request: bytes) -> Entry | None:
        entry_id, now = self._trace_id(request), self._clock()
        row = self._times("trace", entry_id, now)
        if row is None:
            return None
        used_at, expires_at = row
        moment = min(_TOUCH_SECONDS, self._ttl_seconds / 10)
        if now - min(used_at, expires_at - self._ttl_seconds) > moment:
            return None
        return Entry(entry_id, request, datetime.fromtimestamp(expires_at, UTC))

    def get(self, kind: Kind, entry_id: str, field: str) -> Entry:
        expires_at = self.require(kind, entry_id, field)
        found = self._rows(_BODY, entry_id)
        if not found:  # evicted in between
            raise _gone(kind, entry_id, field)
        if not _is_whole(entry_id, *found[0]):
            self._let_go(kind, entry_id)
            raise _gone(kind, entry_id, field)
        return Entry(entry_id, found[0][0], expires_at)

    def at_hand(self, kind: Kind, entry_id: str) -> bool:
        now = self._clock()
        row = self._times(kind, entry_id, now)
        return row is not None and now - row[0] <= _TOUCH_SECONDS

    def require(self, kind: Kind, entry_id: str, field: str) -> datetime:
        now = self._clock()
        row = self._times(kind, entry_id, now)
        if row is None:
            raise _gone(kind, entry_id, field)
        used_at, expires_at = row
        if now - used_at > _TOUCH_SECONDS:
            with suppress(FullStorageError, BusyError), self._transaction() as connection:
                connection.execute("UPDATE entry SET used_at = ? WHERE id = ?", (now, entry_id))
        return datetime.fromtimestamp(expires_at, UTC)

    def usage(self) -> tuple[int, int]:
        ((entries,),) = self._rows("SELECT COUNT(*) FROM entry")
        ((used,),) = self._rows("SELECT bytes FROM total")
        return entries, used

    def condition(self) -> Condition:
        if self._database.broken:
            return "broken"
        if self._free_disk() < self._free_bytes:
            return "full"
        return "new" if self._database.set_aside else "ok"

    def close(self) -> None:
        self._database.close()

    def _trace_id(self, request: bytes) -> str:
        versioned = b"\0".join((__version__.encode(), request))
        return hashlib.blake2b(versioned, key=self._secret, digest_size=16).hexdigest()

    def _times(self, kind: Kind, entry_id: str, now: float) -> tuple[float, float] | None:
        """When the entry was used and when it expires."""
        found = self._rows(
            "SELECT used_at, expires_at FROM entry WHERE id = ? AND kind = ? AND expires_at > ?",
            entry_id,
            kind,
            now,
        )
        return (found[0][0], found[0][1]) if found else None

    def _let_go(self, kind: Kind, entry_id: str) -> None:
        """An entry that is not whole, unless it has been kept anew meanwhile."""
        with suppress(FullStorageError, BusyError), self._transaction() as connection:
            found = connection.execute(_BODY, (entry_id,)).fetchall()
            if found and not _is_whole(entry_id, *found[0]):
                connection.execute("DELETE FROM entry WHERE id = ?", (entry_id,))
                _log.error("let go of a kept %s that is not what was written: the disk may be failing", kind)

    def _sweep(self, connection: sqlite3.Connection) -> None:
        """Let go what expired while nobody was here, halves without the other half, and what a smaller quota
        has no room for.
        """
        # With the triggers that are there: what is wrong with them is found now.
        connection.execute("INSERT OR REPLACE INTO entry VALUES ('', 'trace', 0, 0, 0)")
        swept = -1 + sum(
            connection.execute(statement, values).rowcount
            for statement, values in (
                ("DELETE FROM entry WHERE expires_at <= ?", (self._clock(),)),
                (_BODILESS, ()),
                ("DELETE FROM checked WHERE id NOT IN (SELECT id FROM entry)", ()),
                ("DELETE FROM content WHERE id NOT IN (SELECT id FROM entry)", ()),
            )
        )
        connection.execute("UPDATE total SET bytes = (SELECT coalesce(sum(bytes), 0) FROM entry)")
        swept += self._make_room(connection, 0)
        if swept:
            _log.info("swept %d entries that had expired or were over the quota", swept)

    def _put(self, kind: Kind, entry_id: str, body: bytes) -> Entry:
        cost = len(body) + _ROW_BYTES
        if cost > self._most_bytes:
            raise RefusedError(
                "file" if kind == "image" else "input",
                f"needs {cost} bytes; the store holds {self._most_bytes}",
            )
        checksum = _checksum(entry_id, body)
        now = self._clock()
        expires_at = now + self._ttl_seconds
        with self._transaction() as connection:
            connection.execute("DELETE FROM entry WHERE id = ? OR expires_at <= ?", (entry_id, now))
            self._make_room(connection, cost)
            self._check_disk(connection, cost)
            connection.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?)", (entry_id, kind, cost, now, expires_at)
            )
            _write_body(connection, entry_id, checksum, body)
        return Entry(entry_id, body, datetime.fromtimestamp(expires_at, UTC))

    def _make_room(self, connection: sqlite3.Connection, cost: int) -> int:
        """Let the least recently used go until `cost` more fits the quota. How many went."""
        (used,) = connection.execute("SELECT bytes FROM total").fetchone()
        oldest = connection.execute("SELECT id, bytes FROM entry ORDER BY used_at")
        victims = []
        while used + cost > self._most_bytes:
            victim, freed = oldest.fetchone()
            victims.append((victim,))
            used -= freed
        oldest.close()
        connection.executemany("DELETE FROM entry WHERE id = ?", victims)
        return len(victims)

    def _check_disk(self, connection: sqlite3.Connection, cost: int) -> None:
        """FullStorageError when the file would grow into what is to be left free."""
        ((unused,),) = connection.execute("PRAGMA freelist_count").fetchall()
        ((page,),) = connection.execute("PRAGMA page_size").fetchall()
        growth = max(0, cost - unused * page)
        if growth and self._free_disk() - growth < self._free_bytes:
            raise _full()

    def _free_disk(self) -> int:
        return shutil.disk_usage(self._folder).free

    def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._database.rows(statement, *values)
        except DatabaseError as error:
            raise _answer(error) from None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _told(), self._database.transaction() as connection:
            yield connection


def _write_body(connection: sqlite3.Connection, entry_id: str, checksum: int, body: bytes) -> None:
    """In pieces where it is large: SQLite would hold two copies of it."""
    if len(body) <= _PIECE_BYTES:
        connection.execute("INSERT INTO checked VALUES (?, ?, ?)", (entry_id, checksum, body))
        return
    connection.execute("INSERT INTO checked VALUES (?, ?, zeroblob(?))", (entry_id, checksum, len(body)))
    ((row,),) = connection.execute("SELECT rowid FROM checked WHERE id = ?", (entry_id,)).fetchall()
    with connection.blobopen("checked", "body", row) as blob:
        for start in range(0, len(body), _PIECE_BYTES):
            blob.write(memoryview(body)[start : start + _PIECE_BYTES])


def _checksum(entry_id: str, body: bytes) -> int:
    """Of both: an index may lead to the body of another entry."""
    return zlib.crc32(body, zlib.crc32(entry_id.encode()))


def _is_whole(entry_id: str, body: object, checksum: int | None) -> bool:
    return isinstance(body, bytes) and (checksum is None or _checksum(entry_id, body) == checksum)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise _answer(error) from None


def _answer(error: DatabaseError) -> RequestError:
    """What goes wrong below, as what a request is answered with."""
    match error:
        case FullError():
            return _full()
        case LockedError():
            return BusyError("server", "the store is busy; try again in a moment")
        case _:
            return UnavailableError("server", "the store is broken; it begins anew when the server does")


def _full() -> FullStorageError:
    return FullStorageError("server", "has no room left to keep anything; what is kept can still be used")


def _gone(kind: Kind, entry_id: str, field: str) -> NotFoundError:
    remedy = "POST the trace again" if kind == "trace" else "upload the image again"
    return NotFoundError(field, f"no such {kind}, or it has expired; {remedy}", entry_id)
