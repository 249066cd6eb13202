"""A pack is installed whole or not at all, and a broken one among others stops nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from interviewer.adapters.packs.archive import files_in, packed
from interviewer.adapters.packs.installed import (
    Content,
    Pack,
    PackError,
    contents,
    install,
    installed_pack,
    installed_packs,
    read_manifest,
    read_pack,
    remove,
    unpacked,
)
from interviewer.errors import InputError
from tests.adapters.packs.conftest import a_pack, a_scenario_file

BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))


def stored(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_manifest_says_what_the_pack_is_and_what_may_be_done_with_it() -> None:
    manifest = read_manifest(b"schema: 1\nname: clocks\ntitle: Clocks\nversion: '1.10'\nlicence: MIT\nauthor: Ada\n")

    assert (manifest.name, manifest.title, manifest.version) == ("clocks", "Clocks", "1.10")
    assert (manifest.licence, manifest.author, manifest.description) == ("MIT", "Ada", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("- a list", "the whole"),
        ("schema: 2\nname: a\ntitle: A\nversion: '1'\nlicence: MIT", "schema"),
        ("schema: 1\nname: ../a\ntitle: A\nversion: '1'\nlicence: MIT", "name"),
        ("schema: 1\nname: a\ntitle: A\nversion: 1.10\nlicence: MIT", "version: Input should be a valid string"),
        ("schema: 1\nname: own\ntitle: A\nversion: '1'\nlicence: MIT", "'own' stands for your own scenarios"),
        ("schema: 1\nname: a\ntitle: A\nversion: '1'", "licence"),
        ("schema: 1\nname: a\ntitle: A\nversion: '1'\nlicence: MIT\nrun: rm", "run"),
        ('schema: 1\nname: a\ntitle: "A\\nB"\nversion: "1"\nlicence: MIT', "title"),
        (BOMB, "anchor or alias"),
        ("name: !!python/object/apply:os.system [ls]", "tag"),
        ("[" * 5_000, "nested"),
        ("name: \x00", "character"),
    ],
    ids=lambda text: str(text)[:20],
)
def test_a_manifest_that_cannot_be_used_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read_manifest(text.encode())

    assert len(str(refused.value).splitlines()) == 1
    assert len(str(refused.value)) < 400


def test_a_manifest_that_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        read_manifest(b"\xff\xfe\x00")


def test_a_pack_lies_in_a_folder_or_a_zip_with_or_without_a_folder_around_it(tmp_path: Path) -> None:
    folder = a_pack(tmp_path / "clocks")
    files = files_in(folder)
    (tmp_path / "plain.zip").write_bytes(packed(files))
    (tmp_path / "wrapped.zip").write_bytes(packed({f"clocks-main/{name}": data for name, data in files.items()}))

    assert read_pack(folder) == read_pack(tmp_path / "plain.zip") == read_pack(tmp_path / "wrapped.zip")
    assert read_pack(folder).left_out == ()


def test_scenarios_beside_the_manifest_are_taken_too(tmp_path: Path) -> None:
    folder = tmp_path / "clocks"
    a_pack(folder)
    (folder / "scenarios" / "two-clocks.md").rename(folder / "two-clocks.md")
    (folder / "scenarios").rmdir()

    assert set(read_pack(folder).files) == {"pack.yaml", "scenarios/two-clocks.md"}


def test_what_is_neither_scenario_nor_exhibit_is_left_out_and_named(tmp_path: Path) -> None:
    folder = a_pack(tmp_path / "clocks")
    for name in ("LICENSE", "README.md", "setup.exe", "scenarios/run.sh", "tools/fetch.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")

    content = read_pack(folder)

    assert set(content.files) == {"pack.yaml", "scenarios/two-clocks.md", "LICENSE", "README.md"}
    assert content.left_out == ("scenarios/run.sh", "setup.exe", "tools/fetch.py")


def test_a_folder_without_a_manifest_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "clocks").mkdir()
    with pytest.raises(InputError, match=r"'clocks' holds no pack\.yaml"):
        read_pack(tmp_path / "clocks")


def test_an_installed_pack_is_listed_and_found_by_its_name(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    for name in ("zebra", "clocks"):
        install(read_pack(a_pack(tmp_path / name, name=name)), packs)

    assert [pack.name for pack in installed_packs(packs) if isinstance(pack, Pack)] == ["clocks", "zebra"]
    assert installed_pack("zebra", packs).folder == packs / "zebra"
    with pytest.raises(InputError, match="There is no pack 'lion'"):
        installed_pack("lion", packs)


def test_no_folder_of_packs_means_no_packs(tmp_path: Path) -> None:
    assert installed_packs(tmp_path / "packs") == []


def test_another_pack_of_the_same_name_needs_a_word_and_then_replaces_it_whole(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    install(read_pack(a_pack(tmp_path / "clocks")), packs)
    before = stored(packs)
    newer = read_pack(a_pack(tmp_path / "newer", version="2.0", scenario=a_scenario_file("three-clocks")))

    with pytest.raises(InputError, match="--replace"):
        install(newer, packs)
    assert stored(packs) == before

    install(newer, packs, replace=True)
    assert installed_pack("clocks", packs).manifest.version == "2.0"
    assert set(stored(packs)) == {"clocks/pack.yaml", "clocks/scenarios/three-clocks.md"}


def test_a_pack_that_cannot_be_written_leaves_the_older_one_and_no_rest(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    install(read_pack(a_pack(tmp_path / "clocks")), packs)
    before = stored(packs)
    good = read_pack(tmp_path / "clocks")
    # A file cannot be a folder as well.
    broken = Content(good.manifest, {**good.files, "scenarios/two-clocks.md/x.md": b"x"})

    with pytest.raises(InputError, match="could not be written"):
        install(broken, packs, replace=True)
    with pytest.raises(InputError, match="could not be unpacked"):
        unpacked(broken, tmp_path / "look")

    assert stored(packs) == before
    assert [path.name for path in packs.iterdir()] == ["clocks"]


def test_a_removed_pack_is_gone_without_a_rest(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    remove(install(read_pack(a_pack(tmp_path / "clocks")), packs))

    assert list(packs.iterdir()) == []


def test_broken_packs_are_named_and_stop_no_other(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    install(read_pack(a_pack(tmp_path / "clocks")), packs)
    shutil.copytree(packs / "clocks", packs / "copied")
    (packs / "empty").mkdir()
    (packs / "linked").symlink_to(packs / "clocks")
    (packs / ".rest").mkdir()

    good, *bad = installed_packs(packs)

    assert isinstance(good, Pack)
    assert [str(error.problem) for error in bad if isinstance(error, PackError)] == [
        "copied/pack.yaml: name: names itself 'clocks', and its folder is 'copied'; add it again",
        "empty/pack.yaml: No such file or directory",
    ]


def test_what_is_exported_can_be_added_again(tmp_path: Path) -> None:
    pack = install(read_pack(a_pack(tmp_path / "clocks")), tmp_path / "packs")
    (pack.scenarios / "notes.bak").write_text("x", encoding="utf-8")
    content = contents(pack.manifest, pack.scenarios)
    (tmp_path / "out.zip").write_bytes(packed(content.files))

    assert content.left_out == ("scenarios/notes.bak",)
    assert install(read_pack(tmp_path / "out.zip"), tmp_path / "others").manifest == pack.manifest
    assert stored(tmp_path / "others") == {
        name: data for name, data in stored(tmp_path / "packs").items() if not name.endswith(".bak")
    }
