"""Copies of the whole database as files: making one while the app runs, and putting one back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from interviewer.adapters.database_connections import ADDRESS, DAMAGED, FULL, READ_ONLY, Connections, copies, sync
from interviewer.errors import InputError, StorageError

ELSEWHERE = "This is for the SQLite file of one computer. For PostgreSQL use pg_dump and pg_restore."
RUNNING = "The app is running, or another program has the database open. Stop it, then restore."
BEFORE_RESTORE = "before-restore"
_RESTORING = "restoring"


def backup(url: str, file: Path) -> None:
    """Write everything that was saved so far into a new file, which only its owner can read; the app may be running.

    The file is either complete and on the disk or not there. Raises StorageError, and InputError when `file` exists.
    """
    source = _path(url)
    if not source.is_file():
        raise StorageError("There is no database yet, so there is nothing to copy.")
    if file.exists():
        raise InputError(f"{file.name} exists already. Choose another name; a backup is never written over.")
    unfinished = file.with_name(f".{file.name}.unfinished")
    with _faults(file), _removed(unfinished):
        _write_private(unfinished)
        with closing(_connected(source, "ro")) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        _require_sound(unfinished)
        sync(unfinished)
        unfinished.rename(file)
        sync(file.parent)


def restore(url: str, file: Path, *, wait_seconds: float) -> Path | None:
    """Put a backup in the place of the database; gives the copy of what was there before, None without any.

    The backup may be of an older version of the app. Everything changes at once or not at all. Raises StorageError
    when the backup is damaged, holds something else or is of a newer version, and while the app is running.
    """
    target = _path(url)
    if not file.is_file():
        raise InputError(f"There is no file {file.name}.")
    with _faults(file):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ready = target.with_name(f"{target.name}-{_RESTORING}.backup")
    with _faults(file), _removed(ready):
        _copy_raw(file, ready)
        try:
            _require_sound(ready)
            Connections.open(f"sqlite:///{ready}", wait_seconds=wait_seconds).close()
        except (StorageError, sqlite3.DatabaseError) as error:
            why = DAMAGED.split(",")[0] + "." if isinstance(error, sqlite3.DatabaseError) else str(error)
            raise StorageError(f"{file.name} cannot be restored, and nothing was changed. {why}") from None
        return _put_in_place(ready, target)


def _put_in_place(ready: Path, target: Path) -> Path | None:
    """Write `ready` over `target` in one transaction that no other program can be in the middle of."""
    kept = None
    if target.exists():
        kept = _free_name(target)
        try:
            with closing(_connected(target, "rw")) as old:
                _lock(old)
                _write_private(kept)
                old.execute("VACUUM INTO ?", (str(kept),))
                _require_sound(kept)
                sync(kept)
                sync(kept.parent)
                with closing(_connected(ready, "ro")) as new:
                    new.backup(old)
            sync(target.parent)  # or the rollback journal could come back and undo it
            return kept
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                with suppress(FileNotFoundError):
                    kept.unlink()
                raise
        _copy_raw(target, kept)  # damaged, so all that can be kept is its bytes
        for leftover in _parts(target):
            leftover.unlink()
    _write_private(target)
    with closing(_connected(ready, "ro")) as new, closing(_connected(target, "rw")) as empty:
        new.backup(empty)
    sync(target)
    sync(target.parent)
    return kept


def _lock(connection: sqlite3.Connection) -> None:
    """Keep every other program away until the connection is closed. Raises StorageError when one has the file open."""
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = DELETE")  # SQLite refuses it while anybody else has the file open
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StorageError(RUNNING) from None
        raise


def _path(url: str) -> Path:
    try:
        address = make_url(url)
    except SQLAlchemyError:
        raise StorageError(ADDRESS) from None
    if address.get_backend_name() != "sqlite" or not address.database:
        raise StorageError(ELSEWHERE)
    return Path(address.database).resolve()


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=1.0, isolation_level=None)


def _require_sound(path: Path) -> None:
    with closing(_connected(path, "rw")) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("not sound")


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _free_name(target: Path) -> Path:
    """A name for what was there before that no earlier restore has used."""
    first = target.with_name(f"{target.name}-{BEFORE_RESTORE}.backup")
    more = (first.with_name(f"{target.name}-{BEFORE_RESTORE}-{n}.backup") for n in range(2, len(copies(target)) + 3))
    return next(name for name in (first, *more) if not name.exists())


def _parts(path: Path) -> list[Path]:
    """The file and what SQLite keeps beside it."""
    beside = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]
    return [part for part in beside if part.exists()]


def _copy_raw(source: Path, target: Path) -> None:
    """Copy the file, and its log when it has one, without which the newest of it would be missing."""
    for part in _parts(source):
        if not part.name.endswith("-shm"):
            copied = target.with_name(target.name + part.name.removeprefix(source.name))
            _write_private(copied)
            shutil.copyfile(part, copied)
            sync(copied)


def _write_private(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600, exist_ok=False)


@contextmanager
def _removed(path: Path) -> Iterator[None]:
    """Remove this file and what lies beside it, however the block ends."""
    try:
        yield
    finally:
        for part in _parts(path):
            part.unlink()


@contextmanager
def _faults(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        words = {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_READONLY: READ_ONLY, sqlite3.SQLITE_BUSY: RUNNING}
        raise StorageError(
            words.get(code, DAMAGED if _is_damage(error) else f"SQLite gave an error ({error}).")
        ) from None
    except OSError as error:
        raise StorageError(f"{file.name} cannot be used: {error.strerror}.") from None
