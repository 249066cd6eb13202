"""A pack as it travels: the files of a folder or a zip, each by its relative name, with every trick refused."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from interviewer.errors import InputError

ENTRIES = 1_000
ENTRY_BYTES = 256 * 1024
TOTAL_BYTES = 20_000_000
RATIO = 100  # of a whole archive: unpacked to packed
DEPTH = 6
NAME_CHARACTERS = 150

_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for gigabytes to unpack a little
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same pack gives the same bytes
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, OSError)


def files_in(path: Path) -> dict[str, bytes]:
    """The files of a pack by their names, with slashes. Raises InputError, in one line, for anything out of bounds."""
    if path.is_dir():
        return _gathered(_in_folder(path, ""))
    if not path.exists():
        raise InputError(f"There is no pack at '{path.name}'. Give a folder or a .zip file.")
    try:
        if path.stat().st_size > TOTAL_BYTES:
            raise InputError(f"'{path.name}' has more than {TOTAL_BYTES:,} bytes; a pack is smaller.")
        with zipfile.ZipFile(path) as archive:
            return _gathered(_in_zip(archive))
    except _UNREADABLE as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"'{path.name}' is no readable .zip file: {_shown(str(reason))}.") from None


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip with these files. The same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _gathered(entries: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    folded: set[str] = set()
    total = 0
    for name, data in entries:
        _check_name(name)
        if name.casefold() in folded:
            raise InputError(f"The pack holds '{_shown(name)}' twice.")
        total += len(data)
        if len(files) >= ENTRIES or total > TOTAL_BYTES:
            raise InputError(f"The pack has more than {ENTRIES:,} files or {TOTAL_BYTES:,} bytes; make several of it.")
        folded.add(name.casefold())
        files[name] = data
    return files


def _in_folder(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        name = f"{prefix}{entry.name}"
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_symlink():
            raise InputError(f"'{_shown(name)}' is a link; a pack holds plain files only.")
        if entry.is_dir():
            _check_name(name)
            yield from _in_folder(Path(entry.path), f"{name}/")
        elif not entry.is_file() or entry.stat().st_size > ENTRY_BYTES:
            raise InputError(f"'{_shown(name)}' is no plain file of at most {ENTRY_BYTES:,} bytes.")
        else:
            yield name, Path(entry.path).read_bytes()


def _in_zip(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = archive.infolist()
    if len(entries) > ENTRIES:
        raise InputError(f"The pack has {len(entries):,} entries; at most {ENTRIES:,} are read.")
    packed_size = sum(entry.compress_size for entry in entries)
    room = min(TOTAL_BYTES, RATIO * max(packed_size, 1_000))
    for entry in entries:
        name = entry.filename
        if entry.is_dir():
            _check_name(name.rstrip("/"))
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise InputError(f"'{_shown(name)}' is a link; a pack holds plain files only.")
        if entry.flag_bits & 0x1:
            raise InputError(f"'{_shown(name)}' is encrypted; a pack is not.")
        if entry.compress_type not in _PLAIN:
            raise InputError(f"'{_shown(name)}' is packed in an unusual way; make the .zip with the usual method.")
        if any(part.startswith(".") for part in name.split("/") if part not in (".", "..")):
            continue
        with archive.open(entry) as stream:  # what the entry says of its size need not be true
            data = stream.read(ENTRY_BYTES + 1)
        if len(data) > ENTRY_BYTES:
            raise InputError(f"'{_shown(name)}' has more than {ENTRY_BYTES:,} bytes.")
        room -= len(data)
        if room < 0:
            raise InputError(f"The pack unpacks to more than {RATIO} times its size or {TOTAL_BYTES:,} bytes; refused.")
        yield name, data


def _check_name(name: str) -> None:
    parts = name.split("/")
    tricks = any(part in ("", ".", "..") or part != part.strip() for part in parts)
    if tricks or not name.isprintable() or any(letter in name for letter in '\\:*?"<>|'):
        raise InputError(f"The pack holds a file named '{_shown(name)}', which leads elsewhere or is no portable name.")
    if len(parts) > DEPTH or len(name) > NAME_CHARACTERS:
        raise InputError(f"'{_shown(name)}' lies too deep or its name is too long.")


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:80]
