"""The store: ids, eviction, expiry, several openers of one file, and a killed writer."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from app.database import FullError
from app.errors import BusyError, FullStorageError, NotFoundError, RefusedError, UnavailableError
from app.store import Kind, SqliteStore

MIB = 1024 * 1024
Open = Callable[..., SqliteStore]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_store(most_bytes: int = MIB, ttl_seconds: float = 1000, name: str = "store") -> SqliteStore:
            store = SqliteStore(
                tmp_path / "data" / name, most_bytes=most_bytes, ttl_seconds=ttl_seconds, clock=clock
            )
            return stack.enter_context(closing(store))

        yield open_store


def there(store: SqliteStore, kind: Kind, entry_id: str) -> bool:
    try:
        store.get(kind, entry_id, "id")
    except NotFoundError:
        return False
    return True


def test_what_is_put_in_comes_out(opened: Open, clock: Clock) -> None:
    store = opened()
    image = store.add_image(b"png")
    trace = store.add_trace(b"{}")
    assert store.get("image", image.id, "id") == image
    assert store.get("trace", trace.id, "id").body == b"{}"
    assert image.expires_at.timestamp() == clock.now + 1000
    assert store.require("image", image.id, "id") == image.expires_at


def test_ids_are_128_bits_and_images_random(opened: Open) -> None:
    store = opened()
    ids = {store.add_image(b"the same").id for _ in range(50)}
    assert len(ids) == 50
    ids.add(store.add_trace(b"a trace").id)
    assert all(len(bytes.fromhex(one)) == 16 for one in ids)


def test_a_traces_id_is_its_requests(opened: Open) -> None:
    store = opened()
    assert store.add_trace(b"a").id == store.add_trace(b"a").id
    assert store.add_trace(b"a").id != store.add_trace(b"b").id
    assert opened(name="other").add_trace(b"a").id != store.add_trace(b"a").id


def test_another_version_gives_traces_other_ids(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser may keep what an id answered for a day, and the next version may answer otherwise."""
    store = opened()
    before = store.add_trace(b"a").id
    monkeypatch.setattr("app.store.__version__", "999.0")
    assert store.add_trace(b"a").id != before


@pytest.mark.parametrize("kind", ["image", "trace"])
def test_an_id_is_good_for_its_own_kind_only(opened: Open, kind: Kind) -> None:
    store = opened()
    ids: dict[Kind, str] = {"image": store.add_image(b"x").id, "trace": store.add_trace(b"x").id}
    wrong = ids["trace" if kind == "image" else "image"]
    for entry_id in (wrong, "", "x", "0" * 32, ids[kind].upper() + "'"):
        with pytest.raises(NotFoundError) as refused:
            store.get(kind, entry_id, "some.field")
        assert refused.value.field == "some.field"
    assert there(store, kind, ids[kind])


def test_entries_expire(opened: Open, clock: Clock) -> None:
    store = opened(ttl_seconds=100)
    image = store.add_image(b"x")
    clock.now += 99
    assert there(store, "image", image.id)
    clock.now += 1
    assert not there(store, "image", image.id)
    with pytest.raises(NotFoundError):
        store.require("image", image.id, "id")


def test_a_trace_posted_again_lasts_anew(opened: Open, clock: Clock) -> None:
    store = opened(ttl_seconds=100)
    trace = store.add_trace(b"x")
    clock.now += 60
    again = store.add_trace(b"x")
    assert again.id == trace.id
    clock.now += 60
    assert there(store, "trace", trace.id)


def test_a_trace_that_was_kept_a_moment_ago_need_not_be_written(opened: Open, clock: Clock) -> None:
    store = opened(ttl_seconds=1000)
    assert store.kept_trace(b"x") is None
    trace = store.add_trace(b"x")
    clock.now += 59
    assert store.kept_trace(b"x") == trace
    assert store.kept_trace(b"y") is None
    clock.now += 2
    assert store.kept_trace(b"x") is None
    store.require("trace", trace.id, "id")  # used now, and still to last anew
    assert store.kept_trace(b"x") is None
    brief = opened(name="brief", ttl_seconds=100)
    brief.add_trace(b"x")
    clock.now += 11
    assert brief.kept_trace(b"x") is None


def used_bytes(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as connection:
        (total,) = connection.execute("SELECT bytes FROM total").fetchone()
        (summed,) = connection.execute("SELECT coalesce(sum(bytes), 0) FROM entry").fetchone()
        entries = connection.execute("SELECT id FROM entry ORDER BY id").fetchall()
        contents = connection.execute(
            "SELECT id FROM checked UNION SELECT id FROM content ORDER BY id"
        ).fetchall()
    assert entries == contents
    return total, summed


def test_the_least_recently_used_go_first(opened: Open, clock: Clock, tmp_path: Path) -> None:
    store = opened(most_bytes=MIB, ttl_seconds=10_000)
    ids = []
    for _ in range(3):
        clock.now += 100
        ids.append(store.add_image(bytes(300_000)).id)
    clock.now += 100
    assert there(store, "image", ids[0])  # so the second is the oldest now
    clock.now += 100
    store.require("image", ids[1], "id")  # and now the third
    clock.now += 100
    ids.append(store.add_image(bytes(300_000)).id)
    assert [there(store, "image", one) for one in ids] == [True, True, False, True]
    total, summed = used_bytes(tmp_path / "data" / "store")
    assert total == summed
    assert 900_000 < total <= MIB


def test_expired_entries_make_room_first(opened: Open, clock: Clock, tmp_path: Path) -> None:
    store = opened(most_bytes=MIB, ttl_seconds=100)
    store.add_image(bytes(600_000))
    clock.now += 50
    young = store.add_image(bytes(400_000))
    clock.now += 51
    store.add_image(bytes(500_000))
    assert there(store, "image", young.id)
    assert used_bytes(tmp_path / "data" / "store")[0] < 1_000_000


def test_what_is_larger_than_the_store_is_refused_and_evicts_nothing(opened: Open) -> None:
    store = opened(most_bytes=MIB)
    kept = store.add_image(b"x")
    with pytest.raises(RefusedError) as refused:
        store.add_image(bytes(MIB))
    assert refused.value.field == "file"
    assert there(store, "image", kept.id)


def test_many_small_entries_are_counted_with_what_they_cost(opened: Open, tmp_path: Path) -> None:
    store = opened(most_bytes=MIB)
    for number in range(3000):
        store.add_trace(b"%d" % number)
    assert used_bytes(tmp_path / "data" / "store")[0] <= MIB
    assert (tmp_path / "data" / "store").stat().st_size < 3 * MIB


def test_two_stores_on_one_file_are_one_store(opened: Open) -> None:
    one, other = opened(), opened()
    trace = one.add_trace(b"x")
    assert other.add_trace(b"x").id == trace.id
    assert other.get("trace", trace.id, "id").body == b"x"
    image = other.add_image(b"png")
    assert one.get("image", image.id, "id").body == b"png"


def test_many_threads_and_two_stores_at_once(opened: Open, tmp_path: Path) -> None:
    stores = [opened(most_bytes=MIB), opened(most_bytes=MIB)]
    errors: list[Exception] = []

    def write(store: SqliteStore, name: int) -> None:
        try:
            for number in range(25):
                store.get("image", store.add_image(b"%d" % name * 2000).id, "id")
                store.add_trace(b"%d" % number)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            errors.append(error)

    threads = [threading.Thread(target=write, args=(stores[name % 2], name)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    total, summed = used_bytes(tmp_path / "data" / "store")
    assert total == summed


def test_reading_counts_as_use_but_writes_once_a_minute(opened: Open, clock: Clock, tmp_path: Path) -> None:
    store = opened()
    image = store.add_image(b"x")

    def used_at() -> float:
        with closing(sqlite3.connect(tmp_path / "data" / "store")) as connection:
            (value,) = connection.execute("SELECT used_at FROM entry WHERE id = ?", (image.id,)).fetchone()
        return float(value)

    put_at = clock.now
    clock.now += 59
    store.get("image", image.id, "id")
    assert used_at() == put_at
    clock.now += 2
    store.get("image", image.id, "id")
    assert used_at() == clock.now


class TestStarting:
    """What a store does when it is opened."""

    def store_file(self, tmp_path: Path) -> Path:
        return tmp_path / "data" / "store"

    @pytest.mark.skipif(sys.platform == "win32", reason="no such locks")
    def test_one_after_the_other(self, opened: Open, tmp_path: Path) -> None:
        """Two that find a broken file would set aside two, and the new one with what is in it already."""
        import fcntl

        opened().close()
        with self.store_file(tmp_path).with_name("store.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            opening = threading.Thread(target=opened)
            opening.start()
            opening.join(0.3)
            assert opening.is_alive()
            fcntl.flock(lock, fcntl.LOCK_UN)
            opening.join(20)
            assert not opening.is_alive()

    def test_what_expired_while_nobody_was_here_goes(self, opened: Open, clock: Clock) -> None:
        store = opened(ttl_seconds=100)
        store.add_image(b"x")
        clock.now += 50
        young = store.add_image(b"y")
        store.close()
        clock.now += 60
        store = opened(ttl_seconds=100)
        assert store.usage()[0] == 1
        assert there(store, "image", young.id)

    def test_what_a_smaller_quota_has_no_room_for_goes(self, opened: Open, clock: Clock) -> None:
        store = opened(most_bytes=2 * MIB)
        ids = []
        for _ in range(4):
            clock.now += 1
            ids.append(store.add_image(bytes(400_000)).id)
        store.close()
        store = opened(most_bytes=MIB)
        assert [there(store, "image", one) for one in ids] == [False, False, True, True]

    def test_halves_go_and_the_sum_is_right_again(self, opened: Open, tmp_path: Path) -> None:
        store = opened()
        ids = [store.add_image(b"x").id for _ in range(3)]
        store.close()
        with closing(sqlite3.connect(self.store_file(tmp_path))) as connection, connection:
            connection.execute("DELETE FROM checked WHERE id = ?", (ids[0],))
            connection.execute("INSERT INTO checked VALUES ('orphan', 0, x'00')")
            connection.execute("INSERT INTO content VALUES ('another', x'00')")
            connection.execute("UPDATE total SET bytes = 77")
        store = opened()
        assert [there(store, "image", one) for one in ids] == [False, True, True]
        total, summed = used_bytes(self.store_file(tmp_path))
        assert total == summed == store.usage()[1]

    @pytest.mark.parametrize("content", [b"<html>not found</html>" * 100, b"SQLite format 3\0" + bytes(4080)])
    def test_a_file_that_is_no_store_is_set_aside(
        self, opened: Open, tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        file = self.store_file(tmp_path)
        file.parent.mkdir()
        for _ in range(2):  # one is kept, so that they do not fill the disk
            file.write_bytes(content)
            store = opened()
            assert store.condition() == "new"
            assert there(store, "image", store.add_image(b"x").id)
            store.close()
        assert file.with_name("store.broken").read_bytes() == content
        assert sorted(path.name for path in file.parent.iterdir()) == ["store", "store.broken", "store.lock"]
        assert "the store was broken and has been set aside" in caplog.text
        assert opened().condition() == "ok"

    def test_what_turns_out_to_be_broken_is_set_aside_at_the_next_start(
        self, opened: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = opened()
        image = store.add_image(b"overflow" * 4000)
        trace = store.add_trace(b"x")
        store.close()
        content = bytearray(self.store_file(tmp_path).read_bytes())
        place = content.index(b"overflow" * 20, content.index(b"overflow" * 20) + 8000) // 4096 * 4096
        content[place : place + 4096] = b"\xaa" * 4096
        self.store_file(tmp_path).write_bytes(content)
        store = opened()
        assert store.condition() == "ok"
        for _ in range(2):
            with pytest.raises(UnavailableError):
                store.get("image", image.id, "id")
        assert store.get("trace", trace.id, "id").body == b"x"
        assert store.condition() == "broken"
        assert caplog.text.count("the store is broken") == 1
        store.close()
        store = opened()
        assert store.condition() == "new"
        assert there(store, "image", store.add_image(b"y").id)


# What a flipped bit makes of the schema.
BROKEN_SCHEMAS = [
    "UPDATE sqlite_master SET sql = replace(sql, 'UPDATE total', 'UPDATE tktal')",
    "UPDATE sqlite_master SET sql = replace(sql, 'old.bytes', 'olf.bytes')",
    "UPDATE sqlite_master SET sql = replace(sql, 'AFTER', CAST(x'AFC6546552' AS TEXT))",
    "UPDATE sqlite_master SET sql = replace(sql, 'used_at REAL', 'usee_at REAL')",
]


class TestRot:
    """What the disk gives back is not what was written."""

    def rot(self, tmp_path: Path, entry_id: str, place: int = 0) -> None:
        """Flip a bit of the byte at `place` of a body."""
        with closing(sqlite3.connect(tmp_path / "data" / "store")) as connection, connection:
            (body,) = connection.execute("SELECT body FROM checked WHERE id = ?", (entry_id,)).fetchone()
            rotten = bytearray(body)
            rotten[place] ^= 1
            connection.execute("UPDATE checked SET body = ? WHERE id = ?", (bytes(rotten), entry_id))

    @pytest.mark.parametrize("place", [0, 70_000, -1])
    def test_a_body_that_is_not_what_was_kept_is_gone(
        self, opened: Open, tmp_path: Path, place: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = opened()
        other, image = store.add_image(b"other"), store.add_image(os.urandom(100_000))
        self.rot(tmp_path, image.id, place)
        store.require("image", image.id, "id")  # it is not read
        for ask in (store.get, store.get, store.require):
            with pytest.raises(NotFoundError, match="upload the image again"):
                ask("image", image.id, "id")
        assert not store.at_hand("image", image.id)
        assert store.get("image", other.id, "id").body == b"other"
        assert used_bytes(tmp_path / "data" / "store")[0] == store.usage()[1] < 1000
        assert caplog.text.count("the disk may be failing") == 1

    def test_a_trace_that_is_gone_can_be_posted_again(self, opened: Open, tmp_path: Path) -> None:
        store = opened()
        trace = store.add_trace(b"request")
        self.rot(tmp_path, trace.id)
        assert not there(store, "trace", trace.id)
        assert store.kept_trace(b"request") is None
        assert store.add_trace(b"request").id == trace.id
        assert store.get("trace", trace.id, "id").body == b"request"

    def test_what_is_kept_anew_meanwhile_stays(
        self, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = opened()
        trace = store.add_trace(b"request")
        self.rot(tmp_path, trace.id)
        let_go = store._let_go

        def later(kind: Kind, entry_id: str) -> None:
            store.add_trace(b"request")
            let_go(kind, entry_id)

        monkeypatch.setattr(store, "_let_go", later)
        assert not there(store, "trace", trace.id)
        assert there(store, "trace", trace.id)

    def test_it_is_not_served_where_it_cannot_be_let_go(
        self, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.database._WAIT_SECONDS", 0.05)
        store = opened()
        image = store.add_image(b"x")
        self.rot(tmp_path, image.id)
        with closing(sqlite3.connect(tmp_path / "data" / "store", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert not there(store, "image", image.id)

    def test_bits_that_flip_anywhere_are_never_served(self, opened: Open, tmp_path: Path) -> None:
        """In the schema, the index, the bodies, the secret: gone, or away until the next start."""
        numbers = random.Random(1)
        for number in range(12):
            file = tmp_path / "data" / str(number)
            store = opened(name=str(number))
            kept: dict[tuple[Kind, str], bytes] = {}
            for size in (10, 1000, 9000):
                body = numbers.randbytes(size)
                kept["image", store.add_image(body).id] = kept["trace", store.add_trace(body).id] = body
            store.close()
            content = bytearray(file.read_bytes())
            for _ in range(numbers.choice([1, 5, 100])):
                content[numbers.randrange(len(content))] ^= 1 << numbers.randrange(8)
            file.write_bytes(content)
            for _ in range(2):
                store = opened(name=str(number))
                for (kind, entry_id), body in kept.items():
                    with suppress(NotFoundError, UnavailableError):
                        assert store.get(kind, entry_id, "id").body == body
                with suppress(UnavailableError):
                    assert there(store, "image", store.add_image(b"x").id)
                    assert there(store, "trace", store.add_trace(b"y").id)
                store.close()

    @pytest.mark.parametrize("statement", BROKEN_SCHEMAS)
    def test_tables_that_are_not_ours_are_set_aside_at_the_start(
        self, opened: Open, tmp_path: Path, statement: str
    ) -> None:
        opened().close()
        with closing(sqlite3.connect(tmp_path / "data" / "store")) as connection, connection:
            connection.executescript(f"PRAGMA writable_schema = ON; {statement}")
        store = opened()
        assert store.condition() == "new"
        assert there(store, "image", store.add_image(b"x").id)

    def test_a_disk_that_the_system_writes_no_more_is_read(self, opened: Open, clock: Clock) -> None:
        store = opened()
        image = store.add_image(b"x")
        store._database._connection().execute("PRAGMA query_only = ON")
        with pytest.raises(FullStorageError):
            store.add_image(b"y")
        clock.now += 100
        assert there(store, "image", image.id)


# As the version before made and wrote it.
BEFORE = """
CREATE TABLE secret (value BLOB NOT NULL);
CREATE TABLE entry (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, bytes INTEGER NOT NULL,
    used_at REAL NOT NULL, expires_at REAL NOT NULL
);
CREATE TABLE content (id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE INDEX entry_used ON entry (used_at);
CREATE INDEX entry_expires ON entry (expires_at);
CREATE TABLE total (bytes INTEGER NOT NULL);
INSERT INTO total VALUES (0);
CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN UPDATE total SET bytes = bytes + new.bytes; END;
CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN
    UPDATE total SET bytes = bytes - old.bytes;
    DELETE FROM content WHERE id = old.id;
END;
INSERT INTO secret VALUES (randomblob(32));
"""


def test_a_store_of_the_version_before_goes_on(opened: Open, clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "data" / "store"
    file.parent.mkdir()

    def keep(entry_id: str) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            row = (entry_id, "image", 515, clock.now, clock.now + 1000)
            connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", row)
            connection.execute("INSERT INTO content VALUES (?, ?)", (entry_id, entry_id.encode()))

    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(BEFORE)
    keep("old")
    store = opened()
    keep("later")  # it may still be running
    new = store.add_image(b"new")
    store.close()
    store = opened()
    assert store.condition() == "ok"
    for entry_id, body in (("old", b"old"), ("later", b"later"), (new.id, b"new")):
        assert store.get("image", entry_id, "id").body == body
    assert store.usage() == (3, 3 * 515)
    clock.now += 1001
    store.add_image(b"y")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM content").fetchone() == (0,)
    assert used_bytes(file) == (513, 513)


class TestEdges:
    """The last number that is allowed, and the first that is not."""

    def test_a_use_is_noted_after_a_minute(self, opened: Open, clock: Clock) -> None:
        store = opened(ttl_seconds=10_000)
        image, trace = store.add_image(b"x"), store.add_trace(b"x")
        clock.now += 60
        assert store.at_hand("image", image.id)
        assert store.kept_trace(b"x") == trace
        store.require("image", image.id, "id")
        clock.now += 0.5
        assert not store.at_hand("image", image.id)  # so the use a moment ago was not noted
        assert store.kept_trace(b"x") is None
        store.require("image", image.id, "id")
        assert store.at_hand("image", image.id)
        assert not store.at_hand("image", trace.id)

    def test_a_trace_lasts_anew_after_a_tenth_of_its_time(self, opened: Open, clock: Clock) -> None:
        store = opened(ttl_seconds=100)
        trace = store.add_trace(b"x")
        clock.now += 10
        assert store.kept_trace(b"x") == trace
        clock.now += 0.5
        assert store.kept_trace(b"x") is None

    def test_the_quota_is_filled_to_its_last_byte(self, opened: Open) -> None:
        store = opened(most_bytes=MIB)
        half = MIB // 2 - 512
        kept = [store.add_image(bytes(half)).id, store.add_trace(bytes(half)).id]
        store.close()
        store = opened(most_bytes=MIB)  # where nothing has to go
        assert store.usage() == (2, MIB)
        store.add_image(b"")  # one goes
        assert [there(store, "image", kept[0]), there(store, "trace", kept[1])] == [False, True]
        for add, field in ((store.add_image, "file"), (store.add_trace, "input")):
            with pytest.raises(RefusedError) as refused:
                add(bytes(MIB - 511))
            assert refused.value.field == field
            assert refused.value.reason == f"needs {MIB + 1} bytes; the store holds {MIB}"
        whole = store.add_image(bytes(MIB - 512))
        assert store.usage() == (1, MIB)
        assert there(store, "image", whole.id)

    @pytest.mark.parametrize("floor", [0, 1000])
    def test_the_disk_is_filled_to_the_last_byte_above_its_floor(
        self, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, floor: int
    ) -> None:
        left = {"free_bytes": floor} if floor else {}
        disk = {"free": 0}
        monkeypatch.setattr(SqliteStore, "_free_disk", lambda _: disk["free"])
        path = tmp_path / "store"
        with closing(SqliteStore(path, most_bytes=MIB, ttl_seconds=100, clock=clock, **left)) as store:
            for disk["free"], condition in ((floor, "ok"), (floor - 1, "full")):
                assert store.condition() == condition

            def add(size: int, growth: int) -> None:
                disk["free"] = floor + growth - 1
                with pytest.raises(FullStorageError):
                    store.add_image(bytes(size))
                disk["free"] += 1
                store.add_image(bytes(size))

            add(100_000, 100_512)
            # Pages of the file that are free again are no growth.
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute("DELETE FROM entry")
                (pages,) = connection.execute("PRAGMA freelist_count").fetchone()
            assert pages > 20
            add(300_000, 300_512 - pages * 4096)

    def test_what_is_swept_is_counted(
        self, opened: Open, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO", "convloupe")
        store = opened(ttl_seconds=100)
        store.add_image(b"x")
        clock.now += 50
        for _ in range(3):
            store.add_image(bytes(300_000))
        store.close()
        clock.now += 50
        opened(ttl_seconds=100).close()
        assert [record.getMessage() for record in caplog.records] == [
            "swept 1 entries that had expired or were over the quota"
        ]
        opened(most_bytes=MIB // 2, ttl_seconds=100).close()
        assert caplog.records[-1].getMessage().startswith("swept 2 entries")
        opened(most_bytes=MIB // 2, ttl_seconds=100).close()
        assert len(caplog.records) == 2

    def test_what_is_not_there_has_its_own_remedy(self, opened: Open) -> None:
        store = opened()
        remedies: dict[Kind, str] = {"image": "upload the image again", "trace": "POST the trace again"}
        for kind, remedy in remedies.items():
            with pytest.raises(NotFoundError) as refused:
                store.get(kind, "x", "id")
            assert refused.value.reason == f"no such {kind}, or it has expired; {remedy}"

    def test_an_entry_does_not_change(self, opened: Open) -> None:
        with pytest.raises(FrozenInstanceError):
            opened().add_image(b"x").body = b"y"  # type: ignore[misc]


class TestFullDisk:
    def test_what_is_to_be_left_free_is(self, tmp_path: Path, clock: Clock) -> None:
        with closing(
            SqliteStore(tmp_path / "store", most_bytes=MIB, ttl_seconds=100, free_bytes=1 << 60, clock=clock)
        ) as store:
            assert store.condition() == "full"
            for add in (store.add_image, store.add_trace):
                with pytest.raises(FullStorageError):
                    add(b"x")
            assert store.usage() == (0, 0)

    def test_room_in_the_file_itself_is_used(self, opened: Open, clock: Clock) -> None:
        """On a full disk, what expires makes room."""
        store = opened(ttl_seconds=100)
        store.add_image(bytes(300_000))
        clock.now += 101
        store._free_bytes = 1 << 60
        with pytest.raises(FullStorageError):
            store.add_image(bytes(700_000))
        kept = store.add_image(bytes(200_000))
        assert there(store, "image", kept.id)

    def test_a_disk_without_room_refuses_and_nothing_is_lost(
        self, opened: Open, tmp_path: Path, clock: Clock
    ) -> None:
        store = opened()
        kept = [store.add_image(bytes(50_000)).id for _ in range(3)]
        store._database._connection().execute("PRAGMA max_page_count = 1")  # as many as there are
        with pytest.raises(FullStorageError):
            store.add_image(bytes(400_000))
        clock.now += 100  # a read is noted, where there is room
        assert all(there(store, "image", one) for one in kept)
        total, summed = used_bytes(tmp_path / "data" / "store")
        assert total == summed > 150_000
        store._database._connection().execute("PRAGMA max_page_count = 100000")
        assert there(store, "image", store.add_image(bytes(400_000)).id)

    def test_a_read_is_answered_though_it_cannot_be_noted(
        self, opened: Open, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = opened()
        image = store.add_image(b"x")
        clock.now += 100

        def full() -> None:
            raise FullError("disk I/O error")

        monkeypatch.setattr(store._database, "transaction", full)
        assert store.get("image", image.id, "id").body == b"x"

    def test_a_writer_that_does_not_end_is_not_waited_for_for_ever(
        self, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.database._WAIT_SECONDS", 0.05)
        store = opened()
        with closing(sqlite3.connect(tmp_path / "data" / "store", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(BusyError):
                store.add_image(b"x")
        assert there(store, "image", store.add_image(b"x").id)


WRITER = """
import sys
from pathlib import Path
from app.store import SqliteStore
store = SqliteStore(Path(sys.argv[1]), most_bytes=1 << 30, ttl_seconds=1000)
number = 0
while True:
    number += 1
    entry = store.add_image(b"%d" % number * 30_000)
    print(entry.id, number, flush=True)
"""


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "store"
    acknowledged: list[tuple[str, int]] = []
    for round_number in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(5 + 7 * round_number):
                entry_id, number = writer.stdout.readline().split()
                acknowledged.append((entry_id, int(number)))
            os.kill(writer.pid, signal.SIGKILL)
            rest = writer.stdout.read()
        # The last line may be cut off in the middle of being printed.
        for line in rest.splitlines(keepends=True):
            if line.endswith("\n"):
                entry_id, number = line.split()
                acknowledged.append((entry_id, int(number)))
    with closing(SqliteStore(path, most_bytes=1 << 30, ttl_seconds=1000)) as store:
        for entry_id, number in acknowledged:
            assert store.get("image", entry_id, "id").body == b"%d" % number * 30_000
    total, summed = used_bytes(path)
    assert total == summed
