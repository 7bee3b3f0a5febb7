"""What outlives a request: uploaded images and traces, under ids nobody can guess."""

import hmac
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from app import __version__
from app.errors import NotFoundError, RefusedError

Kind = Literal["image", "trace"]
_ROW_BYTES = 512  # what an entry costs beside its body: rows, indices, page slack
_TOUCH_SECONDS = 60  # a read refreshes an entry's place in the eviction order at most this often

# The bodies are apart: SQLite writes a whole row anew when one column of it changes, and `used_at` changes
# often.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    used_at REAL NOT NULL,
    expires_at REAL NOT NULL
);
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
"""


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

    def get(self, kind: Kind, entry_id: str, field: str) -> Entry:
        """The entry, or NotFoundError naming `field`."""

    def require(self, kind: Kind, entry_id: str, field: str) -> datetime:
        """When the entry expires, or NotFoundError. It counts as used, as `get` does, and is not read."""

    def usage(self) -> tuple[int, int]:
        """How many entries there are, and how many bytes of the quota they use."""

    def at_hand(self, kind: Kind, entry_id: str) -> bool:
        """Whether the entry is there and was used a moment ago, so that its use need not be noted.

        Answers at once, also to the event loop: it never waits for who writes. False says nothing.
        """

    def close(self) -> None:
        """Let go of the file."""


class SqliteStore:
    """A Store in one SQLite file (WAL), shared by any number of threads and processes."""

    def __init__(
        self, path: Path, *, most_bytes: int, ttl_seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = path
        self._most_bytes = most_bytes
        self._ttl_seconds = ttl_seconds
        self._clock = clock
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._opening = threading.Lock()
        with self._transaction() as connection:
            for statement in _statements(_SCHEMA):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO secret SELECT ? WHERE NOT EXISTS (SELECT 1 FROM secret)",
                (secrets.token_bytes(32),),
            )
            self._secret: bytes = connection.execute("SELECT value FROM secret").fetchone()[0]

    def add_image(self, png: bytes) -> Entry:
        return self._put("image", secrets.token_hex(16), png)

    def add_trace(self, request: bytes) -> Entry:
        versioned = b"\0".join((__version__.encode(), request))
        return self._put("trace", hmac.digest(self._secret, versioned, "sha256")[:16].hex(), request)

    def get(self, kind: Kind, entry_id: str, field: str) -> Entry:
        expires_at = self.require(kind, entry_id, field)
        row = self._connection().execute("SELECT body FROM content WHERE id = ?", (entry_id,)).fetchone()
        if row is None:  # evicted in between
            raise _gone(kind, entry_id, field)
        return Entry(entry_id, row[0], expires_at)

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
            with self._transaction() as connection:
                connection.execute("UPDATE entry SET used_at = ? WHERE id = ?", (now, entry_id))
        return datetime.fromtimestamp(expires_at, UTC)

    def usage(self) -> tuple[int, int]:
        (entries,) = self._connection().execute("SELECT COUNT(*) FROM entry").fetchone()
        (used,) = self._connection().execute("SELECT bytes FROM total").fetchone()
        return entries, used

    def close(self) -> None:
        with self._opening:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _times(self, kind: Kind, entry_id: str, now: float) -> tuple[float, float] | None:
        """When the entry was used and when it expires. Readers of a WAL never wait for its writers."""
        found: tuple[float, float] | None = (
            self._connection()
            .execute(
                "SELECT used_at, expires_at FROM entry WHERE id = ? AND kind = ? AND expires_at > ?",
                (entry_id, kind, now),
            )
            .fetchone()
        )
        return found

    def _put(self, kind: Kind, entry_id: str, body: bytes) -> Entry:
        cost = len(body) + _ROW_BYTES
        if cost > self._most_bytes:
            raise RefusedError(
                "file" if kind == "image" else "input",
                f"needs {cost} bytes; the store holds {self._most_bytes}",
            )
        now = self._clock()
        expires_at = now + self._ttl_seconds
        with self._transaction() as connection:
            connection.execute("DELETE FROM entry WHERE id = ? OR expires_at <= ?", (entry_id, now))
            self._make_room(connection, cost)
            connection.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?)", (entry_id, kind, cost, now, expires_at)
            )
            connection.execute("INSERT INTO content VALUES (?, ?)", (entry_id, body))
        return Entry(entry_id, body, datetime.fromtimestamp(expires_at, UTC))

    def _make_room(self, connection: sqlite3.Connection, cost: int) -> None:
        (used,) = connection.execute("SELECT bytes FROM total").fetchone()
        oldest = connection.execute("SELECT id, bytes FROM entry ORDER BY used_at")
        victims = []
        while used + cost > self._most_bytes:
            victim, freed = oldest.fetchone()
            victims.append((victim,))
            used -= freed
        oldest.close()
        connection.executemany("DELETE FROM entry WHERE id = ?", victims)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        """This thread's own connection: SQLite serialises calls on a shared one."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self._path, timeout=10, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            with self._opening:
                self._connections.append(connection)
            self._local.connection = connection
        return connection


def _gone(kind: Kind, entry_id: str, field: str) -> NotFoundError:
    remedy = "POST the trace again" if kind == "trace" else "upload the image again"
    return NotFoundError(field, f"no such {kind}, or it has expired; {remedy}", entry_id)


def _statements(script: str) -> Iterator[str]:
    """One statement at a time: executescript() would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
