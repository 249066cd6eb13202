"""What is read of a folder, and what is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from interviewer.adapters.packs import sources
from interviewer.adapters.packs.sources import File, Refused, files_of
from interviewer.errors import InputError


def read(path: Path) -> tuple[list[str], list[str]]:
    """The names of the files that are read, and the lines about those that are not."""
    entries = list(files_of(path))
    return (
        [entry.name for entry in entries if isinstance(entry, File)],
        [str(entry.problem) for entry in entries if isinstance(entry, Refused)],
    )


def test_a_folder_is_read_by_name_and_hidden_and_foreign_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("b.md", "a.json", "sub/c.csv", ".git/d.md", "sub/.hidden.md", "picture.png", "node_modules/e.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")

    assert read(tmp_path) == (["a.json", "b.md", "sub/c.csv"], [])


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("secret", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.md").symlink_to(outside)
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "up").symlink_to(tmp_path)

    names, problems = read(folder)

    assert names == []
    assert problems == [f"{name}: is a link; links are not followed" for name in ("link.md", "loop.md", "up")]


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "z.md").write_text("x", encoding="utf-8")

    assert read(tmp_path) == (["z.md"], ["pipe.md: is not a regular file"])


def test_a_huge_file_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"x" * (sources.FILE_BYTES + 1))
    (tmp_path / "b.md").write_bytes(b"x" * 10)

    assert read(tmp_path) == (["b.md"], ["a.md: 2,000,001 bytes; a file to import has at most 2,000,000"])


def test_the_number_of_files_and_their_sum_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.md").write_bytes(b"x" * 100)

    names, problems = read(tmp_path)
    monkeypatch.setattr(sources, "TOTAL_BYTES", 150)
    fewer, others = read(tmp_path)

    assert (len(names), len(problems), len(fewer), len(others)) == (3, 1, 1, 1)


def test_folders_may_not_go_deeper_for_ever(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefghijkl")
    deep.mkdir(parents=True)
    (deep / "x.md").write_text("x", encoding="utf-8")

    names, problems = read(tmp_path)

    assert names == []
    assert "folders deep" in problems[0]


def test_nothing_there_is_said_without_the_layout_of_the_machine(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file or folder 'none\.md'"):
        list(files_of(tmp_path / "none.md"))


def test_a_name_with_strange_characters_is_shown_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "a\nb\x1b.md").write_bytes(b"\x00")

    assert read(tmp_path)[0] == ["a?b?.md"]
