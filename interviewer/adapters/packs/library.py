"""The whole library: shipped scenarios, the person's own, and those of packs. An id belongs to whoever has it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from interviewer.adapters.packs.installed import Pack, PackError, installed_packs
from interviewer.adapters.scenario_files import Library, load_folder, scenario_hash, scenario_paths
from interviewer.domain.finding import Catalogue
from interviewer.domain.scenario import Scenario
from interviewer.errors import FileProblem

SCENARIOS_AT_MOST = 2_000  # of one folder


class _Read(NamedTuple):
    library: Library
    catalogue: Catalogue


class Shelf:
    """The library as it was read last, the same for everybody in this process. Safe to share between threads."""

    def __init__(self, read: Callable[[], Library]) -> None:
        self._read = read
        self.read_again()

    def read_again(self) -> None:
        """Read every file again. Who took `now` before goes on with what there was."""
        library = self._read()
        self._now = _Read(library, Catalogue(library.scenarios.values()))

    @property
    def now(self) -> _Read:
        """Library and catalogue, which belong together."""
        return self._now


def whole_library(shipped: Path, own: Path, packs: Path) -> Library:
    """Every usable scenario by id. A clash of ids, or a file that cannot be read, is a problem and stops nothing."""
    library = load_folder(shipped)
    scenarios, problems = dict(library.scenarios), list(library.problems)
    others = [] if own.resolve() == shipped.resolve() else [_bounded(own)]
    mine = {id for other in others for id in other.scenarios if id not in scenarios}
    for other in (*others, *_of_packs(packs)):
        problems += other.problems
        for id, scenario in other.scenarios.items():
            if id in scenarios:
                where = f"{scenario.provenance.origin}: '{scenario.title}'"[:120]
                problems.append(FileProblem(where, 0, "id", f"the id '{id}' is taken by another scenario; left out"))
            else:
                scenarios[id] = scenario
    hashes = {id: library.hashes.get(id) or scenario_hash(scenario) for id, scenario in scenarios.items()}
    return Library(dict(sorted(scenarios.items())), tuple(problems), hashes, library.folder, frozenset(mine))


def pack_library(pack: Pack) -> Library:
    """The scenarios of one pack, with its name before their ids and in their provenance."""
    library = _bounded(pack.scenarios)
    scenarios: dict[str, Scenario] = {}
    problems = [replace(problem, file=f"{pack.name}/{problem.file}") for problem in library.problems]
    for scenario in library.scenarios.values():
        id = f"{pack.name}.{scenario.id}"
        if len(id) > 64:
            problems.append(FileProblem(pack.name, 0, "id", f"'{id}' is longer than 64 characters; left out"))
            continue
        origin = f"pack {pack.name} {pack.manifest.version}: {scenario.provenance.origin}"
        provenance = scenario.provenance.model_copy(update={"origin": origin})
        scenarios[id] = scenario.model_copy(update={"id": id, "provenance": provenance})
    return Library(scenarios, tuple(problems))


def _of_packs(folder: Path) -> Iterator[Library]:
    for pack in installed_packs(folder):
        if isinstance(pack, PackError):
            yield Library({}, (pack.problem,))
        else:
            yield pack_library(pack)


def _bounded(folder: Path) -> Library:
    count = len(scenario_paths(folder))
    if count > SCENARIOS_AT_MOST:
        text = f"holds {count:,} scenario files; at most {SCENARIOS_AT_MOST:,} are loaded, so none of them is"
        return Library({}, (FileProblem(folder.name, 0, "", text),))
    return load_folder(folder)
