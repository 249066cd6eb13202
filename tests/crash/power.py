"""A power failure, modelled: a file system that notes every write and sync, and the files as a disk may hold them.

What was synced is on the disk. Of what was written since, any part may be: nothing, everything, or some sectors of it
in any order. The model takes the disk at its word that a sync is done when it says so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import apsw

SECTOR = 512

Survival = Literal["nothing", "everything", "some"]


class Write(NamedTuple):
    file: str
    offset: int
    data: bytes


class Truncate(NamedTuple):
    file: str
    size: int


class Sync(NamedTuple):
    file: str


class Delete(NamedTuple):
    file: str


class SyncFolder(NamedTuple):
    """What was deleted before stays deleted."""


class Told(NamedTuple):
    """What was acknowledged at this moment."""

    what: str
    id: str
    value: str = ""


Operation = Write | Truncate | Sync | SyncFolder | Delete | Told


class Recorder(apsw.VFS):
    """SQLite's own file system, with a note of all that changes its files."""

    def __init__(self, name: str) -> None:
        super().__init__(name, base="")
        self.operations: list[Operation] = []

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> apsw.VFSFile:
        return _Recorded(self.operations, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.operations.append(Delete(Path(filename).name))
        super().xDelete(filename, syncdir)


class _Recorded(apsw.VFSFile):
    def __init__(self, operations: list[Operation], name: apsw.URIFilename | str | None, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._operations, self._file = operations, Path(path).name if path else ""  # temporary files have no name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._note(Write(self._file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self._note(Truncate(self._file, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._note(Sync(self._file))

    def _note(self, operation: Operation) -> None:
        if self._file:
            self._operations.append(operation)


@contextmanager
def recording(name: str) -> Iterator[Recorder]:
    recorder = Recorder(name)
    try:
        yield recorder
    finally:
        recorder.unregister()


class Disk:
    """The files as they would be found after the power failed behind the given operations."""

    def __init__(self, operations: list[Operation]) -> None:
        self._synced: dict[str, bytearray] = {}
        self._since: dict[str, list[Write | Truncate | Delete]] = {}
        for operation in operations:
            if isinstance(operation, Sync):
                self._apply(operation.file, self._since.pop(operation.file, []))
            elif isinstance(operation, SyncFolder):
                for file, since in self._since.items():
                    deleted = max(
                        (place + 1 for place, past in enumerate(since) if isinstance(past, Delete)), default=0
                    )
                    self._apply(file, since[:deleted])
                    del since[:deleted]
            elif not isinstance(operation, Told):
                self._since.setdefault(operation.file, []).append(operation)

    def survive(self, survival: Survival, random_: random.Random) -> dict[str, bytes]:
        for file, operations in self._since.items():
            if survival == "everything":
                self._apply(file, operations)
            elif survival == "some":
                self._apply(file, [part for whole in operations for part in _parts(whole) if random_.random() < 0.5])
        return {file: bytes(content) for file, content in self._synced.items()}

    def _apply(self, file: str, operations: list[Write | Truncate | Delete]) -> None:
        for operation in operations:
            if isinstance(operation, Delete):
                self._synced.pop(file, None)
                continue
            content = self._synced.setdefault(file, bytearray())
            end = operation.size if isinstance(operation, Truncate) else operation.offset
            if isinstance(operation, Truncate):
                del content[end:]
            content.extend(bytes(max(end - len(content), 0)))
            if isinstance(operation, Write):
                content[end : end + len(operation.data)] = operation.data


def _parts(operation: Write | Truncate | Delete) -> Iterator[Write | Truncate | Delete]:
    """A write in the sectors that the disk writes one by one."""
    if not isinstance(operation, Write):
        yield operation
        return
    start = 0
    while start < len(operation.data):
        end = start + SECTOR - (operation.offset + start) % SECTOR
        yield Write(operation.file, operation.offset + start, operation.data[start:end])
        start = end
