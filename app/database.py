"""One SQLite file for many threads and processes: opened, checked, set aside when it is broken."""

import logging
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

_log = logging.getLogger("convloupe")
_WAIT_SECONDS = 10.0  # for another process that writes
# The last two: our statements make no mistakes, and break no rules, with the tables that they made.
_BROKEN = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
)
# The last one: a file system that the system has made read-only, as it does when a disk fails.
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)

_ERRORS = (sqlite3.Error, UnicodeDecodeError)


class DatabaseError(Exception):
    """What was asked has not been done."""


class FullError(DatabaseError):
    """There is no room on the disk. Nothing was changed."""


class BrokenError(DatabaseError):
    """The file is not what SQLite wrote. The next start sets it aside."""


class LockedError(DatabaseError):
    """Others wrote for longer than one waits."""


class Database:
    """A SQLite file (WAL) with this schema; each thread has a connection of its own.

    A file that is broken is renamed, `.broken` at its end, in place of the one before, and a new one is
    begun; `set_aside` says so. What turns out to be broken later is marked, and set aside at the next
    start: other processes may have it open.
    """

    def __init__(
        self, path: Path, schema: str, index: str, tidy: Callable[[sqlite3.Connection], None]
    ) -> None:
        """`index` is a small table that is checked before `tidy`, in a transaction, puts all in order."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self.set_aside = False
        self.broken = False
        self._mark = _beside(path, ".is-broken")
        self._schema = schema
        self._index = index
        self._tidy = tidy
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._opening = threading.Lock()
        # A writer that finds another one at work sleeps, for longer than the work takes: here it is woken.
        self._writing = threading.Lock()
        with _alone(_beside(path, ".lock")):
            if self._mark.exists():
                self._set_aside("it was found broken while it was in use")
            try:
                self._prepare()
            except BrokenError as error:
                self._set_aside(str(error))
                self._prepare()

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query. Readers of a WAL never wait for its writers."""
        try:
            return self._connection().execute(statement, values).fetchall()
        except _ERRORS as error:
            self._tell(error)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is done in it, or nothing. FullError, LockedError or BrokenError when it is nothing."""
        with self._told(), self._writing:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk has ended it already
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._opening:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def _prepare(self) -> None:
        with self.transaction() as connection:
            for statement in _statements(self._schema):
                connection.execute(statement)
        # The bodies are gigabytes: they are checked when they are read.
        if (found := self.rows(f"PRAGMA quick_check('{self._index}')")) != [("ok",)]:
            raise BrokenError(str(found[0][0]))
        # A full disk is no reason not to start: what is there can be read.
        with suppress(FullError), self.transaction() as connection:
            self._tidy(connection)

    def _set_aside(self, reason: str) -> None:
        self.close()
        for end in ("", "-wal"):
            aside = _beside(self.path, f".broken{end}")
            aside.unlink(missing_ok=True)
            if (file := _beside(self.path, end)).exists():
                file.rename(aside)
        _beside(self.path, "-shm").unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)
        self.set_aside = True
        self.broken = False
        _log.error("the store was broken and has been set aside: %s", reason)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _ERRORS as error:
            self._tell(error)

    def _tell(self, error: sqlite3.Error | UnicodeDecodeError) -> NoReturn:
        """Raise it as one of ours."""
        code = _code(error)
        if code in _BROKEN:
            self._note_broken(error)
            raise BrokenError(str(error)) from error
        if code in _FULL:
            raise FullError(str(error)) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LockedError(str(error)) from error
        raise error

    def _note_broken(self, error: Exception) -> None:
        if not self.broken:
            self.broken = True
            with suppress(OSError):  # a full disk
                self._mark.touch()
            _log.error("the store is broken and will be set aside at the next start: %s", error)

    def _connection(self) -> sqlite3.Connection:
        """This thread's own connection: SQLite serialises calls on a shared one."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            with self._opening:
                self._connections.append(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = connection
        return connection


def _code(error: sqlite3.Error | UnicodeDecodeError) -> int:
    """SQLite's number for what is wrong; 0 for a mistake that is Python's to find."""
    if (code := getattr(error, "sqlite_errorcode", None)) is not None:
        return int(code) & 0xFF
    # Python finds a text that is none: a value, or within SQLite's own message.
    damaged = isinstance(error, sqlite3.OperationalError | UnicodeDecodeError)
    return sqlite3.SQLITE_CORRUPT if damaged else 0


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time, where the system can: two that find a broken file would set aside two."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _statements(script: str) -> Iterator[str]:
    """One statement at a time: executescript() would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
