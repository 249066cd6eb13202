"""What an import would do to a folder, decided before anything is written; the same import again does nothing."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from interviewer.adapters.packs.decoding import NotText, decoded
from interviewer.adapters.packs.found import Found, Page
from interviewer.adapters.packs.markdown import read_markdown
from interviewer.adapters.packs.records import (
    Unreadable,
    looks_like_cards,
    read_json,
    read_json_lines,
    read_table,
    read_yaml_records,
)
from interviewer.adapters.packs.sources import File, Refused
from interviewer.adapters.packs.writing import id_of, is_untouched, scenario_file, title_of
from interviewer.adapters.scenario_files import parse_scenario, scenario_paths
from interviewer.domain.scenario import Scenario
from interviewer.errors import FileProblem, InputError, ScenarioError

SCENARIOS = 1_000  # of one import
CHARACTERS = 60_000  # of one question with its answer
READERS: dict[str, Callable[[str, str], Page]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".csv": read_table,
    ".tsv": read_table,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".yaml": read_yaml_records,
    ".yml": read_yaml_records,
}

_SCENARIO = re.compile(r"\s*(?:---\s*\n)?(?:[a-z_]+: [^\n]*\n){0,5}schema: \d")

Kind = Literal["new", "changed", "same", "edited"]


class Change(NamedTuple):
    """What becomes of one question that was found: the scenario, its file's text, and what stands there now."""

    kind: Kind
    path: Path
    text: str
    before: str
    scenario: Scenario
    source: str
    line: int


@dataclass
class Plan:
    """Everything an import found out. `problems` are files or questions that cannot be imported."""

    changes: list[Change] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    warnings: list[FileProblem] = field(default_factory=list)
    files: int = 0

    def count(self, *kinds: Kind) -> int:
        return sum(change.kind in kinds for change in self.changes)

    @property
    def without_reference(self) -> int:
        return sum(not change.scenario.is_scored for change in self.changes)


class _Known(NamedTuple):
    """A scenario file that stands in the folder."""

    path: Path
    text: str
    scenario: Scenario


def plan_import(files: Iterable[File | Refused], folder: Path) -> Plan:
    """What importing these files into `folder` would change. Nothing is written."""
    plan = Plan()
    known = list(_known(folder))
    taken = {path.stem for path in scenario_paths(folder)} | {entry.scenario.id for entry in known}
    for file in files:
        if isinstance(file, Refused):
            plan.problems.append(file.problem)
            continue
        plan.files += 1
        page = _page(file, plan)
        for found in page.found:
            if len(plan.changes) == SCENARIOS:
                text = f"more than {SCENARIOS:,} questions; from here on none was read. Import the rest separately"
                plan.problems.append(FileProblem(file.name, found.line, "", text))
                return plan
            _decide(found, file.name, folder, known, taken, plan)
    return plan


def carry_out(plan: Plan) -> None:
    """Write what is new or changed, each file at once or not at all. Raises InputError when it cannot be written."""
    for change in plan.changes:
        if change.kind in ("new", "changed"):
            try:
                write_whole(change.path, change.text)
            except InputError as error:
                raise InputError(f"{error} Nothing after it was imported.") from error


def write_whole(path: Path, text: str) -> None:
    """Put the text in the place of the file in one step. A link is never written through. Raises InputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=".", suffix=".part", delete=False
        ) as stream:
            stream.write(text)
        try:
            Path(stream.name).chmod(0o644)
            os.replace(stream.name, path)  # noqa: PTH105 - Path.replace is the same
        except OSError:
            Path(stream.name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"'{path.name}' could not be written: {error.strerror}.") from error


def read_page(file: File) -> Page:
    """The questions in a file, whatever its form. Raises NotText or Unreadable."""
    text, notes = decoded(file.data)
    if _SCENARIO.match(text):
        notes = (*notes, (1, "is a scenario already; add its folder with `interviewer packs add`"))
        page = Page(())
    else:
        page = _reader_of(file, text)(text, file.name)
        if not page.found and not page.warnings:
            notes = (*notes, (0, "holds no question in a form that is known; left alone"))
    return Page(page.found, (*(FileProblem(file.name, line, "", note) for line, note in notes), *page.warnings))


def _reader_of(file: File, text: str) -> Callable[[str, str], Page]:
    if file.suffix in READERS:
        return READERS[file.suffix]
    first, _, more = text.strip().partition("\n")
    if first.startswith(("[", "{")):
        return read_json_lines if first.startswith("{") and first.endswith("}") and more else read_json
    return read_table if looks_like_cards(text) else read_markdown


def _page(file: File, plan: Plan) -> Page:
    try:
        page = read_page(file)
    except NotText as error:
        plan.problems.append(FileProblem(file.name, 0, "", str(error)))
    except Unreadable as error:
        plan.problems.append(FileProblem(file.name, error.line, "", error.message))
    else:
        plan.warnings.extend(page.warnings)
        return page
    return Page(())


def _known(folder: Path) -> Iterator[_Known]:
    """The scenario files of the folder that can be read."""
    for path in scenario_paths(folder):
        try:
            text = path.read_text(encoding="utf-8")
            yield _Known(path, text, parse_scenario(text, path))
        except (OSError, UnicodeDecodeError, ScenarioError):
            continue  # `interviewer scenarios lint` says what is wrong with it; its name stays taken


def _decide(found: Found, source: str, folder: Path, known: list[_Known], taken: set[str], plan: Plan) -> None:
    """Find out whether this question is new, and what its file would hold."""
    old = _same_question(found, source, known)
    if old is not None:
        known.remove(old)
    if old is not None and _digest(old.scenario) == found.digest:
        plan.changes.append(Change("same", old.path, old.text, old.text, old.scenario, source, found.line))
        return
    if found.size > CHARACTERS:
        text = f"'{title_of(found)}' has {found.size:,} characters; at most {CHARACTERS:,} are read"
        plan.problems.append(FileProblem(source, found.line, "", text))
        return
    id = old.scenario.id if old else _free(id_of(found), taken)
    written = scenario_file(found, id, source)
    path = old.path if old else folder / f"{id}.md"
    try:
        scenario = parse_scenario(written.text, path)
    except ScenarioError as error:
        first = error.problems[0]
        text = f"'{title_of(found)}' cannot be used: {first.field}: {first.message}"
        plan.problems.append(FileProblem(source, found.line, "", text))
        return
    taken.add(id)
    kind: Kind = "new" if old is None else "changed" if is_untouched(old.text) else "edited"
    plan.changes.append(Change(kind, path, written.text, old.text if old else "", scenario, source, found.line))
    plan.warnings += [FileProblem(source, found.line, id, note) for note in written.notes]
    if kind == "edited":
        text = "changed in the source and by you since; your file is left as it is. --dry-run shows the difference"
        plan.warnings.append(FileProblem(source, found.line, id, text))


def _same_question(found: Found, source: str, known: Sequence[_Known]) -> _Known | None:
    """The file into which this very text went before, or else an earlier form of the same question of this source."""
    for entry in known:
        if _digest(entry.scenario) == found.digest:
            return entry
    title, question = title_of(found), " ".join(found.question.split())
    for entry in known:
        own = entry.scenario
        from_here = own.provenance.imported is not None and own.provenance.origin == source
        # The context, if there was one, follows the question.
        if from_here and (own.title == title or " ".join(own.question.split()).startswith(question)):
            return entry
    return None


def _digest(scenario: Scenario) -> str:
    return scenario.provenance.imported.source if scenario.provenance.imported else ""


def _free(id: str, taken: set[str]) -> str:
    if id not in taken:
        return id
    return next(name for number in range(2, SCENARIOS + 2 + len(taken)) if (name := f"{id}-{number}") not in taken)
