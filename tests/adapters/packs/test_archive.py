"""A pack from a stranger is read within bounds, and leads nowhere but into its own folder."""

from __future__ import annotations

import io
import os
import random
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from interviewer.adapters.packs import archive
from interviewer.adapters.packs.archive import ENTRIES, ENTRY_BYTES, RATIO, TOTAL_BYTES, files_in, packed
from interviewer.errors import InputError

LINK = 0o120777 << 16


def zipped(path: Path, *entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, attributes: int = 0) -> Path:
    """A zip with these names as they are, whatever they are."""
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = attributes
            info.compress_type = method
            file.writestr(info, data)
    return path


def refusal(path: Path) -> str:
    """The one line in which the pack is refused, without the layout of the machine."""
    with pytest.raises(InputError) as refused:
        files_in(path)
    line = str(refused.value)
    assert len(line.splitlines()) == 1
    assert str(path.parent) not in line
    return line


def test_a_folder_and_its_zip_hold_the_same_files(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    for name in ("pack.yaml", "scenarios/a.md", "scenarios/exhibits/a.csv", ".git/config", "scenarios/.a.md.swp"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    files = files_in(folder)
    (tmp_path / "pack.zip").write_bytes(packed(files))

    assert sorted(files) == ["pack.yaml", "scenarios/a.md", "scenarios/exhibits/a.csv"]
    assert files_in(tmp_path / "pack.zip") == files


def test_the_same_files_give_the_same_bytes() -> None:
    assert packed({"a": b"1", "b": b"2"}) == packed({"b": b"2", "a": b"1"})


@pytest.mark.parametrize(
    "name",
    [
        "../out.md",
        "scenarios/../../out.md",
        "/etc/out.md",
        "//host/out.md",
        "C:/out.md",
        "a\\..\\out.md",
        "scenarios/./a.md",
        "scenarios//a.md",
        "scenarios/a.md ",
        "a\nb.md",
        "a\x1b[31m.md",
        "a\u202edm.exe",
        "a*.md",
        "a/b/c/d/e/f/g.md",
        "x" * 200 + ".md",
    ],
)
def test_a_name_that_leads_elsewhere_or_tricks_the_reader_is_refused(name: str, tmp_path: Path) -> None:
    line = refusal(zipped(tmp_path / "p.zip", ("pack.yaml", b"x"), (name, b"x")))

    assert "leads elsewhere" in line or "too deep" in line
    assert line.isprintable()


def test_a_folder_entry_with_a_trick_in_its_name_is_refused(tmp_path: Path) -> None:
    assert "leads elsewhere" in refusal(zipped(tmp_path / "p.zip", ("../up/", b"")))


def test_two_names_that_are_one_on_other_systems_are_refused(tmp_path: Path) -> None:
    assert "twice" in refusal(zipped(tmp_path / "p.zip", ("a.md", b"1"), ("A.md", b"2")))


def test_links_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.write_text("mine", encoding="utf-8")
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "a.md").symlink_to(outside)

    assert "'a.md' is a link" in refusal(folder)
    assert "'a.md' is a link" in refusal(zipped(tmp_path / "p.zip", ("a.md", str(outside).encode()), attributes=LINK))


def test_a_link_to_a_folder_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "scenarios").symlink_to(tmp_path)

    assert "'scenarios' is a link" in refusal(tmp_path / "pack")


def test_a_pipe_in_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    os.mkfifo(tmp_path / "pack" / "a.md")

    assert "no plain file" in refusal(tmp_path / "pack")


def test_a_bomb_is_refused_by_what_comes_out_of_it(tmp_path: Path) -> None:
    entries = [(f"{number}.md", b"\0" * ENTRY_BYTES) for number in range(100)]
    path = zipped(tmp_path / "p.zip", *entries)
    assert path.stat().st_size < TOTAL_BYTES / 100
    began = time.process_time()

    assert f"more than {RATIO} times" in refusal(path)
    assert time.process_time() - began < 2


def test_the_number_the_size_and_the_sum_of_the_files_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = zipped(tmp_path / "many.zip", *((f"{number}.md", b"") for number in range(ENTRIES + 1)))
    large = zipped(tmp_path / "large.zip", ("a.md", random.Random(1).randbytes(ENTRY_BYTES + 1)))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.md").write_bytes(b"x" * (ENTRY_BYTES + 1))

    assert "1,001 entries; at most 1,000" in refusal(many)
    assert "262,144 bytes" in refusal(large)
    assert "262,144 bytes" in refusal(folder)

    (folder / "a.md").write_bytes(b"x" * 100)
    (folder / "b.md").write_bytes(b"x" * 100)
    assert len(files_in(folder)) == 2
    monkeypatch.setattr(archive, "TOTAL_BYTES", 150)
    assert "make several of it" in refusal(folder)


def test_a_huge_file_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with path.open("wb") as stream:
        stream.truncate(TOTAL_BYTES + 1)

    assert "a pack is smaller" in refusal(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_usual_ways_of_packing_are_read(method: int, tmp_path: Path) -> None:
    assert "unusual way" in refusal(zipped(tmp_path / "p.zip", ("a.md", b"x" * 100), method=method))


def _encrypted(data: bytes) -> bytes:
    place = data.index(b"PK\x01\x02") + 8
    return data[:place] + bytes([data[place] | 1]) + data[place + 1 :]


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "no zip": lambda data: b"hello",
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "wrong checksum": lambda data: data.replace(b"0123456789", b"0123456780", 1),
    "encrypted": _encrypted,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_zip_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "p.zip", ("a.md", b"0123456789" * 10), method=zipfile.ZIP_STORED)
    path.write_bytes(BROKEN[name](path.read_bytes()))

    assert refusal(path).startswith("'")


def test_random_damage_is_refused_in_one_line_or_does_no_harm(tmp_path: Path) -> None:
    rng = random.Random(20261123)
    good = packed({"pack.yaml": b"schema: 1\n" * 20, "scenarios/\u00e9.md": b"text " * 50, "a.md": rng.randbytes(60)})
    path = tmp_path / "p.zip"

    for _ in range(400):
        damaged = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        path.write_bytes(bytes(damaged))
        with suppress(InputError):
            assert all(".." not in name.split("/") for name in files_in(path))


def test_nothing_there_is_said_in_one_line(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.zip") == "There is no pack at 'none.zip'. Give a folder or a .zip file."


def test_a_zip_inside_is_a_file_like_any_other(tmp_path: Path) -> None:
    inner = io.BytesIO()
    zipfile.ZipFile(inner, "w").close()

    assert files_in(zipped(tmp_path / "p.zip", ("inner.zip", inner.getvalue()))) == {"inner.zip": inner.getvalue()}
