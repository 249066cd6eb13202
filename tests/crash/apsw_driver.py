"""As much of a database driver as SQLAlchemy asks for, on apsw: the way to put files of our own under SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apsw

READ_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI


class Driver:
    """Stands in for the module sqlite3. `change` may replace a statement before it is run."""

    paramstyle = "qmark"
    apilevel = "2.0"
    threadsafety = 1
    Error = sqlite3.Error
    DatabaseError = sqlite3.DatabaseError
    IntegrityError = sqlite3.IntegrityError
    InterfaceError = sqlite3.InterfaceError
    InternalError = sqlite3.InternalError
    NotSupportedError = sqlite3.NotSupportedError
    OperationalError = sqlite3.OperationalError
    ProgrammingError = sqlite3.ProgrammingError
    DataError = sqlite3.DataError
    Binary = bytes
    sqlite_version = apsw.sqlite_lib_version()
    sqlite_version_info = tuple(map(int, apsw.sqlite_lib_version().split(".")))

    def __init__(self, vfs: str, change: Callable[[str], str] = str) -> None:
        self._vfs, self._change = vfs, change

    def connect(self, address: str, **_: object) -> Connection:
        return Connection(apsw.Connection(f"{address}&vfs={self._vfs}", flags=READ_WRITE), self._change)


class Connection:
    def __init__(self, connection: apsw.Connection, change: Callable[[str], str]) -> None:
        self._connection, self._change = connection, change
        self.isolation_level: str | None = None

    def cursor(self) -> Cursor:
        return Cursor(self._connection, self._change)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(statement, values)

    def create_function(self, name: str, arguments: int, function: Callable[..., Any], **_: object) -> None:
        self._connection.create_scalar_function(name, function, arguments)

    def commit(self) -> None:
        if self._connection.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


class Cursor:
    arraysize = 1
    lastrowid = 0

    def __init__(self, connection: apsw.Connection, change: Callable[[str], str]) -> None:
        self._connection, self._change = connection, change
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self.rowcount = -1
        self.description: tuple[tuple[Any, ...], ...] | None = None

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        cursor = self._connection.cursor()
        self.description = None
        cursor.exec_trace = self._describe
        before = self._connection.total_changes()
        with _as_sqlite3():
            # To the end at once: SQLite goes on with a statement only when the next row is asked for.
            self._rows = iter(list(cursor.execute(self._change(statement), tuple(values))))
        self.rowcount = self._connection.total_changes() - before
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def executemany(self, statement: str, many: Sequence[Sequence[Any]]) -> Cursor:
        for values in many:
            self.execute(statement, values)
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        return [row for _, row in zip(range(size), self._rows, strict=False)]

    def close(self) -> None:
        self._rows = iter(())

    def _describe(self, cursor: apsw.Cursor, _statement: str, _values: object) -> bool:
        columns = cursor.get_description()
        self.description = tuple((name, None, None, None, None, None, None) for name, *_ in columns) or None
        return True


@contextmanager
def _as_sqlite3() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise sqlite3.OperationalError(str(error)) from error
