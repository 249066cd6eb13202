"""Packs of scenarios in the data folder: each a folder with a manifest, pack.yaml, and its scenarios."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from interviewer.adapters.packs.archive import files_in
from interviewer.adapters.plain_yaml import YamlProblem, read_yaml
from interviewer.errors import FileProblem, InputError

MANIFEST = "pack.yaml"
SCENARIOS = "scenarios"
OWN = "own"  # stands for the person's own scenarios, so no pack may take it
SUFFIXES = (".md", ".yaml", ".yml", ".csv", ".tsv", ".txt", ".log", ".json", ".sql", ".py")  # scenarios and exhibits

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=r"^[^\n]*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,23}$")]

EXAMPLE = 'schema: 1, name: my-pack, title: …, version: "1.0", licence: …'


class Manifest(BaseModel):
    """What a pack says of itself. Its name stands before the ids of its scenarios."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = Field(alias="schema")
    name: Name
    title: Line
    version: Line
    licence: Line
    author: Line | None = None
    description: Line | None = None

    @field_validator("name")
    @classmethod
    def _is_free(cls, name: str) -> str:
        if name == OWN:
            raise ValueError(f"'{OWN}' stands for your own scenarios; choose another")
        return name


class Pack(NamedTuple):
    """An installed pack."""

    manifest: Manifest
    folder: Path

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def scenarios(self) -> Path:
        return self.folder / SCENARIOS


class PackError(NamedTuple):
    """A folder among the packs that cannot be used, and why."""

    problem: FileProblem


def installed_packs(folder: Path) -> list[Pack | PackError]:
    """The packs in the order of their names. A broken one is a PackError and stops no other."""
    if not folder.is_dir():
        return []
    packs: list[Pack | PackError] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink() or not path.is_dir():
            continue
        try:
            manifest = read_manifest((path / MANIFEST).read_bytes())
        except (OSError, InputError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            packs.append(PackError(FileProblem(f"{path.name}/{MANIFEST}", 0, "", str(reason))))
            continue
        if manifest.name != path.name:
            text = f"names itself '{manifest.name}', and its folder is '{path.name}'; add it again"
            packs.append(PackError(FileProblem(f"{path.name}/{MANIFEST}", 0, "name", text)))
        else:
            packs.append(Pack(manifest, path))
    return packs


def installed_pack(name: str, folder: Path) -> Pack:
    """The pack of this name. Raises InputError when there is none."""
    for pack in installed_packs(folder):
        if isinstance(pack, Pack) and pack.name == name:
            return pack
    raise InputError(f"There is no pack '{name}'. `interviewer packs list` names them.")


def read_manifest(data: bytes) -> Manifest:
    """Raises InputError that names the first thing wrong with it."""
    try:
        values, _ = read_yaml(data.decode("utf-8-sig"))
        return Manifest.model_validate(values)
    except UnicodeDecodeError:
        raise InputError(f"{MANIFEST} is not UTF-8 text.") from None
    except YamlProblem as problem:
        raise InputError(f"{MANIFEST}, line {problem.line}: {problem.message}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise InputError(
            f"{MANIFEST}: {field}: {first['msg'].removeprefix('Value error, ')}. It looks like this: {EXAMPLE}."
        ) from None


def manifest_text(manifest: Manifest) -> str:
    values = manifest.model_dump(by_alias=True, exclude_none=True)
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=116)


class Content(NamedTuple):
    """A pack that is not installed: its manifest, its files by their names in the pack, and names left out."""

    manifest: Manifest
    files: dict[str, bytes]
    left_out: tuple[str, ...] = ()


def read_pack(path: Path) -> Content:
    """The pack in a folder or zip, its scenarios under "scenarios/" wherever they lay. Raises InputError."""
    files = _without_top_folder(files_in(path))
    if MANIFEST not in files:
        raise InputError(f"'{path.name}' holds no {MANIFEST}. Write one that looks like this: {EXAMPLE}.")
    manifest = read_manifest(files.pop(MANIFEST))
    inner = any(name.startswith(f"{SCENARIOS}/") for name in files)
    kept: dict[str, bytes] = {MANIFEST: manifest_text(manifest).encode()}
    left_out: list[str] = []
    for name, data in files.items():
        stem = PurePosixPath(name).name.casefold()
        if "/" not in name and stem.startswith(("licen", "readme", "notice", "copying")):
            kept[name] = data
        elif PurePosixPath(name).suffix.lower() not in SUFFIXES or (inner and not name.startswith(f"{SCENARIOS}/")):
            left_out.append(name)
        else:
            kept[name if inner else f"{SCENARIOS}/{name}"] = data
    return Content(manifest, kept, tuple(left_out))


def install(content: Content, folder: Path, *, replace: bool = False) -> Pack:
    """Put the pack in its place, whole or not at all. Raises InputError when another version is there already."""
    place = folder / content.manifest.name
    if place.exists() and not replace:
        raise InputError(f"The pack '{content.manifest.name}' is there already. --replace puts this one in its place.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=folder) as temporary:
            new, old = Path(temporary) / "new", Path(temporary) / "old"
            _written(content.files, new)
            if place.exists():
                place.rename(old)
            new.rename(place)
    except OSError as error:
        raise InputError(f"The pack could not be written: {error.strerror}.") from error
    return Pack(content.manifest, place)


def unpacked(content: Content, folder: Path) -> Pack:
    """The pack's files under `folder`, to look at before it is installed. Raises InputError."""
    try:
        _written(content.files, folder)
    except OSError as error:
        raise InputError(f"The pack could not be unpacked: {error.strerror}.") from error
    return Pack(content.manifest, folder)


def remove(pack: Pack) -> None:
    """Raises InputError when it cannot be removed."""
    try:
        with tempfile.TemporaryDirectory(prefix=".", dir=pack.folder.parent) as temporary:
            pack.folder.rename(Path(temporary) / "old")
    except OSError as error:
        raise InputError(f"The pack '{pack.name}' could not be removed: {error.strerror}.") from error


def contents(manifest: Manifest, scenarios: Path) -> Content:
    """A folder of scenarios, with its exhibits, as a pack."""
    files = {f"{SCENARIOS}/{name}": data for name, data in files_in(scenarios).items()}
    kept = {name: data for name, data in files.items() if PurePosixPath(name).suffix.lower() in SUFFIXES}
    left_out = tuple(name for name in files if name not in kept)
    return Content(manifest, {MANIFEST: manifest_text(manifest).encode(), **kept}, left_out)


def _written(files: Mapping[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _without_top_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files when all lie in one folder, as archives from the web have them."""
    tops = {name.partition("/")[0] for name in files}
    if MANIFEST in files or len(tops) != 1 or f"{(top := tops.pop())}/{MANIFEST}" not in files:
        return files
    return {name.removeprefix(f"{top}/"): data for name, data in files.items()}
