"""A path -> the files in it that may be read: bounded in number and size, no links, nothing but regular files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from interviewer.errors import FileProblem, InputError

FILE_BYTES = 2_000_000
TOTAL_BYTES = 50_000_000
FILES = 500
DEPTH = 8
SUFFIXES = (".md", ".markdown", ".txt", ".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml")

_LEFT_ALONE = ("node_modules", "__pycache__", "venv")


class File(NamedTuple):
    """One file as it was read. `name` is its path from the folder that was given, with slashes."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


class Refused(NamedTuple):
    """A file that was not read, and why, on one line."""

    problem: FileProblem


def files_of(path: Path) -> Iterator[File | Refused]:
    """The file, or every readable file of the folder in the order of their names; hidden ones are left alone.

    Raises InputError when there is nothing at `path`.
    """
    if path.is_dir():
        yield from _bounded(path)
    elif path.exists():
        yield _read(path.resolve(), path.name)
    else:
        raise InputError(f"There is no file or folder '{path.name}'. Check the path.")


def _bounded(root: Path) -> Iterator[File | Refused]:
    total = 0
    for count, entry in enumerate(_walk(root, "", 0)):
        if isinstance(entry, Refused):
            yield entry
            continue
        path, name = entry
        if count >= FILES:
            yield _refused(name, f"the folder has more than {FILES} files; this one and those after it were not read")
            return
        file = _read(path, name)
        total += len(file.data) if isinstance(file, File) else 0
        if total > TOTAL_BYTES:
            yield _refused(name, f"the files have more than {TOTAL_BYTES:,} bytes together; from here on none was read")
            return
        yield file


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[tuple[Path, str] | Refused]:
    """Path and name of each file of a known kind, and of each link, which the reader refuses."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _refused(prefix.rstrip("/"), _why(error))
        return
    for entry in entries:
        name = f"{prefix}{entry.name}"
        if entry.name.startswith(".") or entry.name in _LEFT_ALONE:
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < DEPTH:
                yield from _walk(Path(entry.path), f"{name}/", depth + 1)
            else:
                yield _refused(name, f"lies more than {DEPTH} folders deep; not read")
        elif entry.is_symlink() or Path(entry.name).suffix.lower() in SUFFIXES:
            yield Path(entry.path), name


def _read(path: Path, name: str) -> File | Refused:
    try:
        # A pipe would block for ever without O_NONBLOCK; a link could lead anywhere.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        return _refused(name, "is a link; links are not followed" if path.is_symlink() else _why(error))
    with os.fdopen(number, "rb") as stream:
        state = os.fstat(number)
        if not stat.S_ISREG(state.st_mode):
            return _refused(name, "is not a regular file")
        if state.st_size > FILE_BYTES:
            return _refused(name, f"{state.st_size:,} bytes; a file to import has at most {FILE_BYTES:,}")
        try:
            return File(_shown(name), stream.read(FILE_BYTES))
        except OSError as error:
            return _refused(name, _why(error))


def _why(error: OSError) -> str:
    return f"cannot be read: {error.strerror or 'unknown reason'}"


def _refused(name: str, message: str) -> Refused:
    return Refused(FileProblem(_shown(name), 0, "", message))


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:200]
