"""`interviewer packs`: scenarios that travel together, added to the library or made from your own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interviewer.errors import InputError, InterviewerError

if TYPE_CHECKING:
    from interviewer.errors import FileProblem


@click.group()
def packs() -> None:
    """List, add, remove and export packs of scenarios.

    A pack is a folder or a .zip file with a manifest, pack.yaml, and a folder scenarios/. Its name stands before the
    ids of its scenarios, so that they never clash with others.
    """


@packs.command("list")
def list_() -> None:
    """Print a table: name, version, scenarios, licence, title."""
    from interviewer.adapters.packs.installed import PackError, installed_packs
    from interviewer.adapters.packs.library import pack_library

    rows = [("name", "version", "scenarios", "licence", "title")]
    problems: list[FileProblem] = []
    for pack in installed_packs(_folder()):
        if isinstance(pack, PackError):
            problems.append(pack.problem)
            continue
        library, manifest = pack_library(pack), pack.manifest
        problems += library.problems
        rows.append((pack.name, manifest.version, str(len(library.scenarios)), manifest.licence, manifest.title))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        click.echo("  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]))
    _tell(problems)
    if problems:
        raise InterviewerError("Not everything in the packs could be read; the lines above name it.")


@packs.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put this pack in the place of one with the same name.")
def add(path: Path, replace: bool) -> None:
    """Add the pack at PATH, a folder or a .zip file. Its scenarios are read and checked first."""
    from interviewer.adapters.packs.installed import install, read_pack, unpacked
    from interviewer.adapters.packs.library import pack_library

    content = read_pack(path)
    with tempfile.TemporaryDirectory() as temporary:
        library = pack_library(unpacked(content, Path(temporary)))
    _tell(library.problems)
    if not library.scenarios:
        raise InputError(f"The pack '{content.manifest.name}' has no scenario that can be used, so it was not added.")
    install(content, _folder(), replace=replace)
    for name in content.left_out:
        click.echo(f"{name}: warning: is no scenario and no exhibit; left out", err=True)
    click.echo(f"Added '{content.manifest.name}' {content.manifest.version}: {_counted(len(library.scenarios))}.")


@packs.command()
@click.argument("name")
@click.confirmation_option("--yes", prompt="Remove the pack and its scenarios? Interviews about them are kept")
def remove(name: str) -> None:
    """Remove the pack NAME. Interviews about its scenarios are kept."""
    from interviewer.adapters.packs.installed import installed_pack
    from interviewer.adapters.packs.installed import remove as removed

    pack = installed_pack(name, _folder())
    removed(pack)
    click.echo(f"Removed '{name}'.")


@packs.command()
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "new_name", help="Name of the pack that is made of your own scenarios.")
@click.option("--title", help="Its title.")
@click.option("--version", default="1.0", show_default=True, help="Its version.")
@click.option("--licence", help="What others may do with it.")
def export(name: str, file: Path, new_name: str | None, title: str | None, version: str, licence: str | None) -> None:
    """Write the pack NAME to FILE, a .zip. The name `own` stands for your own scenarios, which become a pack."""
    from interviewer.adapters.packs.archive import packed
    from interviewer.adapters.packs.installed import OWN, contents, installed_pack, read_manifest
    from interviewer.adapters.scenario_files import load_folder
    from interviewer.bootstrap import own_scenarios
    from interviewer.settings import read_settings

    if file.exists():
        raise InputError(f"'{file.name}' is there already. Remove it or choose another name.")
    if name == OWN:
        if not (new_name and title and licence):
            raise click.UsageError("Your own scenarios become a pack with --as NAME, --title TEXT and --licence TEXT.")
        folder = own_scenarios(read_settings())
        fields = {"name": new_name, "title": title, "version": version, "licence": licence}
        manifest = read_manifest(_as_yaml(fields))
    else:
        pack = installed_pack(name, _folder())
        folder, manifest = pack.scenarios, pack.manifest
    library = load_folder(folder)
    if not library.scenarios:
        raise InputError("There is no scenario to export.")
    content = contents(manifest, folder)
    try:
        file.write_bytes(packed(content.files))
    except OSError as error:
        raise InputError(f"'{file.name}' could not be written: {error.strerror}.") from error
    _tell(library.problems)
    private = sum(s.provenance.licence.startswith("unknown") for s in library.scenarios.values())
    if private:
        click.echo(
            f"warning: the licence of {_counted(private)} is unknown; keep the pack to yourself until you know",
            err=True,
        )
    click.echo(f"Wrote '{manifest.name}' {manifest.version}: {_counted(len(library.scenarios))}.")


def _as_yaml(fields: dict[str, str]) -> bytes:
    import json

    return "\n".join(["schema: 1", *(f"{key}: {json.dumps(value)}" for key, value in fields.items())]).encode()


def _folder() -> Path:
    from interviewer.bootstrap import packs_folder
    from interviewer.settings import read_settings

    return packs_folder(read_settings())


def _tell(problems: Iterable[FileProblem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


def _counted(number: int) -> str:
    return f"{number} scenario{'s' * (number != 1)}"
