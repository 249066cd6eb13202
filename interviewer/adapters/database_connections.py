"""Opens the database and hands out connections: file, checks, migrations, one writer at a time, faults in plain words.

Everything that differs between SQLite and PostgreSQL stands here.
"""

from __future__ import annotations

import functools
import glob
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Delete, Engine, create_engine, event, inspect, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import NoSuchModuleError, OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from interviewer.adapters.database_tables import SCHEMA, schema_version
from interviewer.errors import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"
MOUNTS = Path("/proc/self/mounts")

# SQLite's write-ahead log needs shared memory and exact file locks; over a network neither holds.
NETWORK_FILE_SYSTEMS = frozenset(
    "nfs nfs4 cifs smb3 smbfs ceph glusterfs lustre afs fuse.sshfs fuse.glusterfs fuse.rclone fuse.s3fs".split()
)
POSTGRESQL_WRITERS = 10  # fewer than the connections of the pool, so that reading never waits for writing
RESTART_SECONDS = 5.0  # how long a server may be away before a person hears of it
_RETRY_SECONDS = 0.1
_CONNECT_SECONDS = (2, 5)  # the least that the driver knows, and what a person will wait for
_MIGRATION_LOCK = 0x696E7476  # any number, the same in every version of the app

FULL = "The disk is full, so nothing was saved. Free some space, then try again."
DISK = "The disk could not be written to or read, so nothing was saved. Check it and its free space, then try again."
BUSY = "Another program is using the database, so nothing was saved. Try again in a moment."
READ_ONLY = "The database is read-only, so nothing was saved. Allow the app to write to its file and folder."
DAMAGED = (
    "The database is damaged, or the file is not a database. Stop the app and put back your last copy of the file."
)
UNREACHABLE = "The database cannot be reached. Check that it is there and that the app may use it, then try again."
MOVED = "The database file was moved or deleted while the app was running. Put it back, then restart the app."
ADDRESS = "The database address cannot be used. Write sqlite:///folder/file.sqlite3 or postgresql://user@host/name."
ENCODING = "This PostgreSQL database cannot hold every character. Make one with the encoding UTF8."
DRIVER = "PostgreSQL needs the Python package '{}'. Install the app with its extra 'postgres'."
TRACES = (
    "It is deleted, but another program is reading the database, so traces may remain in its files. "
    "Close that program and restart the app."
)

_SQLITE_FAULTS = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: DISK,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: UNREACHABLE,
    sqlite3.SQLITE_PERM: UNREACHABLE,
}
_POSTGRESQL_FAULTS = {
    "53100": FULL,
    "55P03": BUSY,
    "40P01": BUSY,
    "40001": BUSY,
    "53300": BUSY,
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "57P01": UNREACHABLE,
    "57P02": UNREACHABLE,
    "57P03": UNREACHABLE,
}

_ONE_VIEW: dict[str, Any] = {"isolation_level": "REPEATABLE READ"}

# Alembic keeps the migration under way in a module-wide proxy: two at once in one process would mix.
_MIGRATING = threading.Lock()

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class ConnectionLostError(StorageError):
    """The connection broke: whether the transaction took effect is not known."""


def once_more(method: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Done again when the connection broke: for what has the same effect however often it is done."""

    @functools.wraps(method)
    def done(*args: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        try:
            return method(*args, **options)
        except ConnectionLostError:
            return method(*args, **options)

    return done


class _File(NamedTuple):
    """A SQLite file and what tells it from another file put in its place."""

    path: Path
    identity: tuple[int, int]


class Connections:
    """Connections to one checked and migrated database, for any number of threads.

    `notes` are sentences for whoever runs the app: what works but could be safer. Every fault is a StorageError
    whose message is fit to show and holds neither SQL nor anything that was being saved.
    """

    def __init__(self, engine: Engine, file: _File | None, wait_seconds: float, notes: tuple[str, ...]) -> None:
        self.notes = notes
        self._file = file
        self._wait_seconds = wait_seconds
        self._engine = engine
        # One writer on SQLite, queued here: SQLite's own waiting is by polling, and lets some wait for seconds.
        self._writers = threading.BoundedSemaphore(1 if file else POSTGRESQL_WRITERS)
        self._to_read = engine.execution_options(**({} if file else _ONE_VIEW))
        self._to_write = engine.execution_options(begins="BEGIN IMMEDIATE")

    @classmethod
    def open(cls, address: str, *, wait_seconds: float) -> Connections:
        """Create or check, then migrate. Raises StorageError when the database cannot be used as it is."""
        try:
            url = make_url(address)
        except SQLAlchemyError:
            raise StorageError(ADDRESS) from None
        if url.get_backend_name() == "sqlite":
            return cls._open_sqlite(url, wait_seconds)
        if url.get_backend_name() != "postgresql":
            raise StorageError(ADDRESS)
        engine = _postgresql_engine(url, wait_seconds)
        with _closed_on_failure(engine):
            _check_encoding(engine)
            _migrate(engine, None)
        return cls(engine, None, wait_seconds, ())

    @classmethod
    def _open_sqlite(cls, url: URL, wait_seconds: float) -> Connections:
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            raise StorageError(ADDRESS)
        file = _prepared(Path(url.database).resolve())
        engine = _sqlite_engine(file.path, wait_seconds)
        with _closed_on_failure(engine):
            _check(engine)
            _migrate(engine, file)
        with _file_faults(file.path):
            # SQLite syncs files, not names: a rollback journal that comes back would undo what is written from here on.
            sync(file.path.parent)
            sync(file.path.parent.parent)
        return cls(engine, file, wait_seconds, tuple(_notes(file.path)))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view for everything read inside the block."""
        self._require_file()
        with _in_plain_words(), self._connected(self._to_read) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: durable when the block ends, without effect when it raises."""
        with self._writer(), _in_plain_words(), self._connected(self._to_write) as connection, connection.begin():
            yield connection

    def delete_for_good(self, *deletions: Delete) -> list[int]:
        """Run these deletions in one transaction; gives the rows that each deleted. No byte of them stays in a file.

        They go from the copies that the app made too, and from those first: a process that is killed in between
        leaves what can be deleted again. On PostgreSQL the server removes the bytes in its own time.
        """
        if self._file is not None:
            with self._writer(), _in_plain_words():
                for copy in copies(self._file.path):
                    _delete_in_copy(copy, deletions, self._wait_seconds)
        with self.writing() as connection:
            deleted = [connection.execute(deletion).rowcount for deletion in deletions]
        if self._file is not None and any(deleted):
            self._forget_deleted()
        return deleted

    def _forget_deleted(self) -> None:
        with self._writer(), _in_plain_words(), self._engine.execution_options(begins="").connect() as connection:
            # What is deleted was zeroed already; written anew, the file has no page left that ever held it.
            connection.exec_driver_sql("VACUUM")
            blocked = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        if blocked:
            raise StorageError(TRACES)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _writer(self) -> Iterator[None]:
        if not self._writers.acquire(timeout=self._wait_seconds):
            raise StorageError(BUSY)
        try:
            self._require_file()
            yield
        finally:
            self._writers.release()

    def _connected(self, engine: Engine) -> Connection:
        """A connection. A server that restarts is waited for: nothing has been sent yet, so nothing is done twice."""
        until = time.monotonic() + (0 if self._file else min(self._wait_seconds, RESTART_SECONDS))
        while True:
            try:
                return engine.connect()
            except OperationalError as error:
                if time.monotonic() >= until:
                    raise StorageError(_words_for(error)) from None
                time.sleep(_RETRY_SECONDS)

    def _require_file(self) -> None:
        """A file that is gone would go on taking writes, all of them lost when the app ends."""
        if self._file is not None and _identity(self._file.path) != self._file.identity:
            raise StorageError(MOVED)


def _sqlite_engine(path: Path, wait_seconds: float) -> Engine:
    # mode=rw: a file that has gone is an error; by default SQLite would begin a new, empty one.
    url = URL.create("sqlite", database=f"file:{quote(str(path))}", query={"mode": "rw", "uri": "true"})
    engine = create_engine(url, hide_parameters=True, pool_timeout=wait_seconds)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the "begin" hook below begins transactions, not the driver
        for setting in (
            f"busy_timeout = {round(wait_seconds * 1000)}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {setting}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads before it writes fails at once when another has written meanwhile, however long
        # it may wait. So writers begin as such.
        if statement := connection.get_execution_options().get("begins", "BEGIN"):
            connection.exec_driver_sql(statement)

    return engine


def _postgresql_engine(url: URL, wait_seconds: float) -> Engine:
    # A host that has gone without a word is noticed by the answers that do not come.
    least, most = _CONNECT_SECONDS
    connect_timeout = max(least, min(most, round(wait_seconds)))
    patience = {"connect_timeout": connect_timeout, "tcp_user_timeout": round(wait_seconds * 1000)}
    try:
        engine = create_engine(
            url.update_query_dict({name: str(value) for name, value in patience.items() if name not in url.query}),
            hide_parameters=True,
            pool_pre_ping=True,
            pool_timeout=wait_seconds,
        )
    except ModuleNotFoundError as missing:
        raise StorageError(DRIVER.format(missing.name)) from None
    except NoSuchModuleError:
        raise StorageError(ADDRESS) from None

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        with closing(connection.cursor()) as cursor:
            cursor.execute(f"SET lock_timeout = {round(wait_seconds * 1000)}")
        connection.commit()

    return engine


def _prepared(path: Path) -> _File:
    """The file, made if need be so that only its owner can read it. Raises StorageError when it cannot be used."""
    if _file_system(path) in NETWORK_FILE_SYSTEMS:
        raise StorageError(
            f"The database file {_shown(path)} is on a network file system, where SQLite can lose data. "
            "Choose a folder on a local disk, or use PostgreSQL."
        )
    with _file_faults(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # An existing file is never opened here: closing it again would drop the locks that another connection of
        # this process holds on it.
        with suppress(FileExistsError):
            path.touch(mode=0o600, exist_ok=False)
        if (
            not path.stat().st_mode & stat.S_IWUSR
            or not os.access(path, os.W_OK)
            or not os.access(path.parent, os.W_OK)
        ):
            raise StorageError(READ_ONLY)
    return _File(path, _identity(path))


def _identity(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_dev, status.st_ino)


def _file_system(path: Path) -> str:
    """The type of the file system that holds `path`; "" where the system does not tell."""
    try:
        mounts = [line.split() for line in MOUNTS.read_text(errors="replace").splitlines()]
    except OSError:
        return ""
    holding = [(len(place), kind) for _, place, kind, *_ in mounts if path.is_relative_to(place.replace(r"\040", " "))]
    # Of two mounts on one place the later one covers the other.
    return max(reversed(holding), key=lambda mount: mount[0], default=(0, ""))[1]


def _check(engine: Engine) -> None:
    with _in_plain_words(), engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() != "wal":
            raise StorageError("The database cannot be used from this folder. Choose a folder on a local disk.")
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
            raise StorageError(DAMAGED)
    with _in_plain_words(), engine.execution_options(begins="").connect() as connection:
        # The log of a process that was killed may hold what it had deleted. Somebody who reads just now keeps it.
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
        connection.invalidate()


def _check_encoding(engine: Engine) -> None:
    with _in_plain_words(), engine.connect() as connection:
        if connection.exec_driver_sql("SHOW server_encoding").scalar_one() != "UTF8":
            raise StorageError(ENCODING)


def _notes(path: Path) -> Iterator[str]:
    if has_wal_reset_fault(sqlite3.sqlite_version_info):
        yield (
            f"SQLite {sqlite3.sqlite_version} has a rare fault when several programs write to one database at the same "
            "moment. Run one copy of the app, use SQLite 3.51.3 or later, or use PostgreSQL."
        )
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield f"Other accounts of this computer may be able to read {_shown(path)}. Set its mode to 0600."


def has_wal_reset_fault(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can lose writes when two connections write and checkpoint at once (fixed in 3.51.3)."""
    mended = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return version >= (3, 7) and not mended


def _migrate(engine: Engine, file: _File | None) -> None:
    """Make the tables, or bring them up to date, in one transaction. Refuses a schema that is not ours, or newer."""
    with _MIGRATING, _in_plain_words():
        current = _current(engine, file)
        if current is None:
            _make(engine, file)
            current = _current(engine, file)  # another process, of an older version, may have been first
        if current is not None and current != newest_schema():
            _upgrade(engine, file, current)


def newest_schema() -> str:
    """The name of the schema that this version of the app uses: its last migration's."""
    return max(path.stem.partition("_")[0] for path in MIGRATIONS.glob("versions/*.py"))


def _current(engine: Engine, file: _File | None) -> str | None:
    """The name of the schema that is there; None for an empty database."""
    # One view for both questions: another process may be making the tables at this moment.
    with engine.connect().execution_options(**({} if file else _ONE_VIEW)) as connection:
        tables = inspect(connection).get_table_names()
        known = (
            connection.execute(select(schema_version.c.version_num)).scalar() if schema_version.name in tables else None
        )
    if known is None and tables:
        raise StorageError("This database holds something else. Choose an empty one, or a new file.")
    return known


def _make(engine: Engine, file: _File | None) -> None:
    """All tables in an empty database, unless another process is first."""
    with _changing(engine, file) as connection:
        if not inspect(connection).get_table_names():
            SCHEMA.create_all(connection)
            schema_version.create(connection)
            connection.execute(schema_version.insert().values(version_num=newest_schema()))


def _upgrade(engine: Engine, file: _File | None, current: str) -> None:
    """From an older schema, after a copy."""
    from alembic import command  # a quarter of what the app imports, and seldom used
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if current not in {known.revision for known in ScriptDirectory.from_config(config).walk_revisions()}:
        raise StorageError(
            f"This database was made by a newer version of the app (schema {current!r}). "
            "Install that version or a later one, or choose another database."
        )
    if file is not None:
        _copy(engine, file.path, current)
    with _changing(engine, file) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if file is not None and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StorageError(DAMAGED)


@contextmanager
def _changing(engine: Engine, file: _File | None) -> Iterator[Connection]:
    """A transaction for changes of the schema, one at a time over all processes."""
    with engine.connect().execution_options(begins="") as connection:
        if file is not None:
            # Batch mode drops the table that it replaces, which would delete every row that refers to it.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
        with connection.execution_options(begins="BEGIN IMMEDIATE").begin():
            if file is None:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
            yield connection
        connection.invalidate()


def _copy(engine: Engine, path: Path, revision: str) -> None:
    copy = path.with_name(f"{path.name}-{revision}.backup")
    with _file_faults(path):
        copy.unlink(missing_ok=True)
        copy.touch(mode=0o600)
    with engine.execution_options(begins="").connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))


def _delete_in_copy(copy: Path, deletions: Sequence[Delete], wait_seconds: float) -> None:
    """Delete in a copy too. One that is damaged goes as a whole: nobody could tell what is still in it."""
    engine = _sqlite_engine(copy, wait_seconds)
    try:
        with engine.execution_options(begins="BEGIN IMMEDIATE").begin() as connection:
            tables = inspect(connection).get_table_names()
            for deletion in deletions:
                if deletion.entity_description["name"] in tables:  # an older schema has fewer
                    connection.execute(deletion)
        with engine.execution_options(begins="").connect() as connection:
            connection.exec_driver_sql("VACUUM")
    except SQLAlchemyError as error:
        if _words_for(error) != DAMAGED:
            raise
        with _file_faults(copy):
            for part in copy.parent.glob(f"{glob.escape(copy.name)}*"):
                part.unlink()
    finally:
        engine.dispose()


def copies(path: Path) -> list[Path]:
    """The copies of this database that the app made, before an upgrade or a restore."""
    return [
        other for other in path.parent.iterdir() if other.name.startswith(f"{path.name}-") and other.suffix == ".backup"
    ]


def _shown(path: Path) -> str:
    """Folder and name: enough to find the file, without the layout of the machine."""
    return f"{path.parent.name}/{path.name}"


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, reach the disk."""
    if os.name != "posix" and path.is_dir():
        return  # only there can a folder be opened
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _closed_on_failure(engine: Engine) -> Iterator[None]:
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


@contextmanager
def _file_faults(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The database file {_shown(path)} cannot be used: {error.strerror}. Check the folder, then try again."
        ) from error


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """SQLAlchemy's errors as StorageErrors. They are not chained: PostgreSQL puts the row that failed into its own."""
    try:
        yield
    except SQLAlchemyError as error:
        words = _words_for(error)
        raise (ConnectionLostError if words == UNREACHABLE else StorageError)(words) from None


def _words_for(error: SQLAlchemyError) -> str:
    if isinstance(error, PoolTimeoutError):
        return BUSY
    cause = error.orig if isinstance(error, StatementError) else None
    name = type(cause or error).__name__
    if isinstance(cause, sqlite3.Error):
        # Errors that the driver finds by itself carry no code.
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest the variety
        name = getattr(cause, "sqlite_errorname", name)
        known = _SQLITE_FAULTS.get(code)
    else:
        state = getattr(cause, "sqlstate", None) or ""
        name = state or name
        lost = isinstance(error, OperationalError) and state[:2] in ("", "08")
        known = UNREACHABLE if lost else _POSTGRESQL_FAULTS.get(state)
    return known or f"The database gave an error ({name}), so nothing was saved. Try again, or restart the app."
