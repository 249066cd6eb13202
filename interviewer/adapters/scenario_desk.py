"""Where scenarios are written: the folder of one's own, and beside it what is not saved yet, kept field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from interviewer.adapters.packs.importing import write_whole
from interviewer.adapters.packs.writing import PREFIX, slug
from interviewer.adapters.plain_yaml import dotted
from interviewer.adapters.scenario_files import (
    MAX_BYTES,
    SECTIONS,
    misread_line,
    parse_scenario,
    read_values,
    scenario_paths,
)
from interviewer.adapters.scenario_template import template
from interviewer.adapters.scenario_text import Text, fresh, revised
from interviewer.domain import scenario as rules
from interviewer.domain.manuscript import (
    Manuscript,
    Problem,
    Values,
    as_copy,
    keyed,
    plain,
    still_example,
    weights_in_sum,
)
from interviewer.domain.scenario import Scenario
from interviewer.errors import ConflictError, FileProblem, InputError, ScenarioError

ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
UNTITLED = "Give it a title first: a few words that say what it is about."
CHANGED = "The file was changed by somebody else since you opened it. Nothing was written."
TOO_LONG = f"is too long: a file has at most {MAX_BYTES:,} bytes"
GONE = "There is no such scenario of yours. It may have been renamed or removed."

Change = Callable[[Manuscript], Manuscript]


class Own(NamedTuple):
    """A scenario of one's own, on disk or not saved yet. `problem` says why its file cannot be edited here."""

    id: str
    title: str
    is_saved: bool
    is_changed: bool
    problem: str = ""


class Checked(NamedTuple):
    """A manuscript as its file would be, the scenario in it if it is one, and what is wrong or could be better."""

    text: str
    scenario: Scenario | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)


class WritingDesk:
    """Scenarios that one person writes. `own` holds the files, `unsaved` what was typed and not saved.

    Nothing here is locked: of two tabs that write at once, each keeps the fields that it changed, and a file is
    replaced as a whole.
    """

    def __init__(self, own: Path, unsaved: Path) -> None:
        self._own, self._unsaved = own, unsaved

    def all(self) -> list[Own]:
        """Everything of one's own, by title. A file that cannot be read is among it, with the reason."""
        found = {entry.id: entry for entry in map(self._listed, scenario_paths(self._own))}
        for path in sorted(self._unsaved.glob("*.json")):
            try:
                manuscript = self._kept(path.stem)
            except InputError as error:
                found[path.stem] = Own(path.stem, path.name, False, True, str(error))
                continue
            if manuscript:
                title = str(manuscript.values.get("title") or "Without a title")
                found[manuscript.id] = Own(manuscript.id, title, manuscript.base is not None, True)
        return sorted(found.values(), key=lambda entry: entry.title.casefold())

    def open(self, id: str) -> Manuscript | None:
        """What was typed last, or else what the file says; None when there is neither.

        Raises ScenarioError when the file cannot be read as fields.
        """
        kept = self._kept(id)
        if kept:
            return kept
        for path in self._candidates(id):
            try:
                text = _read(path) or ""
                values = read_values(text, path)
            except ScenarioError:
                if path.stem == id:
                    raise
                continue  # another file, whose fault is shown in the list
            if values.get("id") == id:
                return Manuscript(id=id, file=path.name, values=keyed(values), base=text)
        return None

    def begin(self, title: str, taken: Container[str]) -> Manuscript:
        """A new scenario that begins with an example of each part. `taken` are ids that belong to others."""
        words = " ".join(title.split())
        if not words:
            raise InputError(UNTITLED)
        id = self._free(f"{PREFIX}{slug(words) or 'scenario'}", taken)
        return self._keep(Manuscript(id=id, file=f"{id}.md", values=keyed(template(id, words))))

    def copy(self, scenario: Scenario, taken: Container[str]) -> Manuscript:
        """A copy of any scenario, with its exhibits, to be changed. It is a draft."""
        id = self._free(f"{PREFIX}{scenario.id.removeprefix(PREFIX)}"[:60].rstrip(".-"), taken)
        source = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        values = as_copy(source, id, f"copy of {scenario.id}: {scenario.provenance.origin}")
        for exhibit, content in zip(values.get("exhibits") or (), scenario.exhibits, strict=True):
            exhibit.pop("content", None)
            exhibit["file"] = f"exhibits/{id}/{Path(content.file).name}"
            write_whole(self._own / exhibit["file"], content.content)
        return self._keep(Manuscript(id=id, file=f"{id}.md", values=values))

    def change(self, id: str, change: Change) -> Manuscript:
        """Keep the manuscript with this change. Raises InputError when there is none, or nothing can be kept."""
        manuscript = self.open(id)
        if manuscript is None:
            raise InputError(GONE)
        return self._keep(change(manuscript))

    def is_unsaved(self, id: str) -> bool:
        """Whether something was typed that is not in the file."""
        return self._kept(id) is not None

    def discard(self, id: str) -> None:
        """Forget what is not saved."""
        if ID.fullmatch(id):
            (self._unsaved / f"{id}.json").unlink(missing_ok=True)

    def on_disk(self, manuscript: Manuscript) -> str | None:
        """The text of its file as it stands now; None when there is no file."""
        return _read(self._own / manuscript.file)

    def written(self, manuscript: Manuscript, base: str | None = None) -> Text:
        """The file as it would be saved: `base`, or else the text that was opened, with the values."""
        before = base if base is not None else manuscript.base
        values = plain(manuscript.values)
        path = self._own / manuscript.file
        return Text(fresh(values)) if before is None else revised(before, values, path)

    def check(self, manuscript: Manuscript, today: date) -> Checked:
        """What the file would be, and every problem at its field."""
        values, path = plain(manuscript.values), self._own / manuscript.file
        text = ""
        try:
            text = self.written(manuscript).text
            if len(text.encode()) > MAX_BYTES:
                raise ScenarioError((FileProblem(path.name, 0, "", TOO_LONG),))
            scenario = parse_scenario(text, path)
        except ScenarioError as error:
            found = _unwritable(values) or [Problem(each.field, each.message, True) for each in error.problems]
            return Checked(text, None, (*found, *_unbalanced(values, found)))
        except InputError as error:
            return Checked(text, None, tuple(_unwritable(values) or [Problem("", str(error), True)]))
        problems = [Problem(dotted(flaw.field), flaw.message, False) for flaw in rules.warnings(scenario, today)]
        problems += still_example(values, template(manuscript.id, ""))
        return Checked(text, scenario, tuple(problems))

    def save(self, id: str, *, over: bool = False) -> tuple[Scenario, bool]:
        """Write the file and forget the draft; gives the scenario, and whether comments in the file were kept.

        With `over` a file that was changed meanwhile is written over; otherwise ConflictError is raised. Raises
        ScenarioError for what is no valid scenario, and InputError when nothing can be written; all stays as it was.
        """
        manuscript = self.open(id)
        if manuscript is None:
            raise InputError(GONE)
        now = self.on_disk(manuscript)
        if now != manuscript.base and not over:
            raise ConflictError(CHANGED)
        path = self._own / manuscript.file
        text = self.written(manuscript, now)
        scenario = parse_scenario(text.text, path)
        if len(text.text.encode()) > MAX_BYTES:
            raise ScenarioError((FileProblem(path.name, 0, "", TOO_LONG),))
        write_whole(path, text.text)
        self.discard(id)
        return scenario, text.keeps_comments

    def _listed(self, path: Path) -> Own:
        try:
            values = read_values(_read(path) or "", path)
        except ScenarioError as error:
            return Own(path.name, path.name, True, False, str(error))
        id = values.get("id")
        if not (isinstance(id, str) and ID.fullmatch(id)):
            return Own(path.name, path.name, True, False, "It has no id that can be used. Mend it in a text editor.")
        return Own(id, str(values.get("title") or id), True, False)

    def _candidates(self, id: str) -> list[Path]:
        """The files in which a scenario may stand, the likeliest first."""
        if not ID.fullmatch(id):
            return []
        return sorted(scenario_paths(self._own), key=lambda path: path.stem != id)

    def _free(self, id: str, taken: Container[str]) -> str:
        there = {path.stem for path in [*scenario_paths(self._own), *self._unsaved.glob("*.json")]}
        tries = [id, *(f"{id}-{number}" for number in range(2, 10_000))]
        return next(name for name in tries if name not in there and name not in taken)

    def _kept(self, id: str) -> Manuscript | None:
        path = self._unsaved / f"{id}.json"
        if not ID.fullmatch(id) or not path.is_file():
            return None
        try:
            return Manuscript.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise InputError(f"What was typed last cannot be read: '{path.name}' in the folder unsaved.") from error

    def _keep(self, manuscript: Manuscript) -> Manuscript:
        write_whole(self._unsaved / f"{manuscript.id}.json", manuscript.model_dump_json())
        return manuscript


def _unwritable(values: Values) -> list[Problem]:
    """Texts that would be taken for something else when the file is read again."""
    found = []
    for name in SECTIONS:
        body = values.get(name)
        if isinstance(body, str) and (line := misread_line(body)):
            found.append(
                Problem(name, f"'{line[:60]}' would begin a new section of the file; write **bold** instead", True)
            )
    for place, item in enumerate(values.get("context") or ()):
        for name in ("question", "answer"):
            if not item.get(name):
                found.append(Problem(f"context[{place}].{name}", "is empty", True))
        if " A:" in f" {item.get('question', '')}":
            found.append(
                Problem(f"context[{place}].question", "leave out 'A:'; the answer has a field of its own", True)
            )
    return found


def _unbalanced(values: Values, found: Sequence[Problem]) -> Iterator[Problem]:
    """Weights that do not sum to 100, which nobody looks at while a field is wrong."""
    total = weights_in_sum(values)
    if values.get("key_points") and total != 100 and not any("weights" in problem.message for problem in found):
        yield Problem("key_points", f"weights sum to {total}, not 100", True)


def _read(path: Path) -> str | None:
    """The text of a file; None when there is none. Raises ScenarioError when it cannot be read as text."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ScenarioError((FileProblem(path.name, 0, "", f"cannot be read: {error.strerror}"),)) from error
    except UnicodeDecodeError as error:
        raise ScenarioError((FileProblem(path.name, 0, "", f"is not UTF-8 text (byte {error.start})"),)) from error
