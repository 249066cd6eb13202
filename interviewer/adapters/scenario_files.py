"""scenarios/ -> Scenario. Every problem is named with file, line and field; one bad file never stops the others."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from interviewer.adapters.plain_yaml import Lines, YamlProblem, dotted, read_yaml
from interviewer.domain import scenario as rules
from interviewer.domain.scenario import Scenario
from interviewer.errors import FileProblem, ScenarioError

MAX_BYTES = 256 * 1024
EXHIBIT_BYTES = 20_000
MESSAGE_CHARACTERS = 200
KEPT = 256  # texts whose scenario is remembered: a folder is read again whenever somebody saves a scenario
SECTIONS = ("question", "context", "reference", "sources")
SUFFIXES = (".md", ".yaml", ".yml")

_SECTIONS = {
    "question": "question",
    "context": "context",
    "reference answer": "reference",
    "sources": "sources",
}
_HEADING = re.compile(rf"#+\s*({'|'.join(_SECTIONS)})\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Library:
    """The usable scenarios by id, in the order of their ids, and what was wrong with the other files.

    `own` are the ids of those that the person wrote or imported.
    """

    scenarios: dict[str, Scenario]
    problems: tuple[FileProblem, ...] = ()
    hashes: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None
    own: frozenset[str] = frozenset()


class _Source(NamedTuple):
    """Plain values of a file, and the line on which each field stands."""

    values: dict[str, Any]
    lines: Lines


class _Parsed(NamedTuple):
    """The scenario in a text, without what stands in its exhibits' files, and what its own fields do not agree on."""

    scenario: Scenario
    lines: Lines
    flaws: tuple[rules.Flaw, ...]


class _Bad(Exception):
    def __init__(self, line: int, field: str, message: str) -> None:
        super().__init__(message)
        self.line, self.field, self.message = line, field, message


def load_folder(folder: Path) -> Library:
    """Read every scenario file directly in `folder`. Raises nothing for a bad file: it becomes a problem."""
    scenarios: dict[str, Scenario] = {}
    hashes: dict[str, str] = {}
    problems: list[FileProblem] = []
    for path in scenario_paths(folder):
        try:
            scenario = read_scenario(path)
        except ScenarioError as error:
            problems.extend(error.problems)
            continue
        if scenario.id in scenarios:
            problems.append(FileProblem(_shown(path), 0, "id", f"duplicate id '{scenario.id}': another file has it"))
            continue
        scenarios[scenario.id] = scenario
        hashes[scenario.id] = scenario_hash(scenario)
    return Library(dict(sorted(scenarios.items())), tuple(problems), hashes, folder)


def scenario_paths(folder: Path) -> list[Path]:
    """The scenario files of a folder. README files are not scenarios."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in SUFFIXES and path.is_file() and not path.name.lower().startswith("readme")
    )


def scenario_hash(scenario: Scenario) -> str:
    """Twelve hexadecimal digits that change whenever anything in the scenario does."""
    return hashlib.sha256(scenario.model_dump_json(by_alias=True).encode()).hexdigest()[:12]


def read_scenario(path: Path) -> Scenario:
    """The scenario in `path`. Raises ScenarioError with every problem found."""
    return parse_scenario(_text_of(path), path)


def parse_scenario(text: str, path: Path) -> Scenario:
    """The scenario in `text`, as it would be read from `path`. Raises ScenarioError with every problem found."""
    parsed = _parsed(text, path)
    contents = [_with_content(path.parent, exhibit) for exhibit in parsed.scenario.exhibits]
    flaws = parsed.flaws + tuple(
        rules.Flaw(("exhibits", n, "file"), problem) for n, problem in enumerate(contents) if isinstance(problem, str)
    )
    if flaws:
        raise ScenarioError(tuple(_flaw(path, parsed.lines, flaw) for flaw in flaws))
    return parsed.scenario.model_copy(update={"exhibits": tuple(contents)})


def read_values(text: str, path: Path) -> dict[str, Any]:
    """The plain values in `text`, as it would be read from `path`, whether or not they make a scenario.

    Raises ScenarioError when the text cannot be read as fields and sections.
    """
    return _source_of(text, path).values


def misread_line(body: str) -> str:
    """The first line of a section's text that would be taken for the heading of a section; "" when there is none."""
    is_code = False
    for line in body.splitlines():
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code and (line.startswith("## ") or _HEADING.fullmatch(line)):
            return line
    return ""


@lru_cache(maxsize=KEPT)
def _parsed(text: str, path: Path) -> _Parsed:
    source = _source_of(text, path)
    try:
        scenario = Scenario.model_validate(source.values)
    except ValidationError as error:
        raise ScenarioError(tuple(_problem(path, source.lines, e["loc"], e) for e in error.errors())) from None
    return _Parsed(scenario, source.lines, tuple(rules.errors(scenario)))


def _with_content(folder: Path, exhibit: rules.Exhibit) -> rules.Exhibit | str:
    """The exhibit with what stands in its file, or what is wrong with the file."""
    path = exhibit_path(folder, exhibit.file)
    if path is None:
        return f"no file '{exhibit.file}' beside the scenario"
    try:
        if path.stat().st_size > EXHIBIT_BYTES:
            return f"'{exhibit.file}' is larger than {EXHIBIT_BYTES // 1000} kB"
        content = path.read_text(encoding="utf-8").strip("\n")
    except (OSError, UnicodeDecodeError):
        return f"'{exhibit.file}' cannot be read as UTF-8 text"
    return exhibit.model_copy(update={"content": content}) if content.strip() else f"'{exhibit.file}' is empty"


def lint_warnings(path: Path, scenario: Scenario, today: date) -> list[FileProblem]:
    """Findings that do not stop a scenario from being used."""
    lines = _parsed(_text_of(path), path).lines
    return [_flaw(path, lines, flaw) for flaw in rules.warnings(scenario, today)]


def exhibit_path(folder: Path, name: str) -> Path | None:
    """The exhibit's file, or None when it is missing or would lie outside `folder`."""
    root = folder.resolve()
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, with NUL, a loop of links: no name of a file
        return None


def _text_of(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _refused(path, _Bad(0, "", f"{size:,} bytes; a scenario file has at most {MAX_BYTES:,}"))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _refused(path, _Bad(0, "", f"cannot be read: {error.strerror}")) from error
    except UnicodeDecodeError as error:
        raise _refused(path, _Bad(0, "", f"is not UTF-8 text (byte {error.start})")) from error


def _source_of(text: str, path: Path) -> _Source:
    try:
        return _fields_of(text, path)
    except _Bad as bad:
        raise _refused(path, bad) from None


def _refused(path: Path, bad: _Bad) -> ScenarioError:
    return ScenarioError((FileProblem(_shown(path), bad.line, _brief(bad.field), _brief(bad.message)),))


def _fields_of(text: str, path: Path) -> _Source:
    if path.suffix != ".md":
        return _yaml_source(text, first_line=1)
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != "---":
        raise _Bad(1, "", "does not begin with a line of three dashes; put the YAML front matter first")
    try:
        end = next(number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---")
    except StopIteration:
        raise _Bad(1, "", "the front matter is not closed; end it with a line of three dashes") from None
    source = _yaml_source("\n".join(lines[1:end]), first_line=2)
    _add_sections(source, lines, first=end + 1)
    return source


def _add_sections(source: _Source, lines: list[str], first: int) -> None:
    """Put the Markdown sections beside the front matter's values."""
    current: str | None = None
    fence = 0  # the line of the open one
    bodies: dict[str, list[str]] = {}
    starts: dict[str, int] = {}
    for number, line in enumerate(lines[first:], first + 1):
        if line.lstrip().startswith("```"):
            fence = 0 if fence else number
        heading = None if fence else _HEADING.fullmatch(line)
        if heading and not (line.startswith("## ") and line[3:].strip().lower() in _SECTIONS):
            raise _Bad(number, "", f"write this heading as '## {heading[1].capitalize()}'")
        if not fence and line.startswith("## "):
            title = line[3:].strip().lower()
            if title not in _SECTIONS:
                known = ", ".join(name.capitalize() for name in _SECTIONS)
                raise _Bad(number, title, f"unknown section; use {known}")
            current = _SECTIONS[title]
            if current in bodies or current in source.values:
                raise _Bad(number, current, "stands twice")
            bodies[current], starts[current] = [], number
        elif current is not None:
            bodies[current].append(line)
        elif line.strip():
            raise _Bad(number, "", "text before the first section; begin with '## Question'")
    if fence:
        raise _Bad(fence, current or "", "the block that begins here with ``` is not closed")
    for name, body in bodies.items():
        source.lines[(name,)] = starts[name]
        source.values[name] = _section_value(name, body, starts[name], source.lines)


def _section_value(name: str, body: list[str], start: int, lines: Lines) -> Any:
    if name == "context":
        return _context(body, start, lines)
    if name == "sources":
        return [line.strip()[2:].strip() for line in body if line.strip().startswith(("- ", "* "))]
    return "\n".join(body).strip()


def _context(body: list[str], start: int, lines: Lines) -> list[dict[str, str]]:
    """List items of the form '- Q: … A: …'; an item may go on over several lines."""
    items: list[tuple[int, list[str]]] = []
    for number, line in enumerate(body, start + 1):
        if line.strip().startswith(("- ", "* ")):
            items.append((number, [line.strip()[2:]]))
        elif line.strip() and items:
            items[-1][1].append(line)
        elif line.strip():
            raise _Bad(number, "context", "write each answer as '- Q: … A: …'")
    answers = []
    for index, (number, parts) in enumerate(items):
        question, _, answer = " ".join(" ".join(parts).split()).partition(" A:")
        if not (question.startswith("Q:") and answer.strip()):
            raise _Bad(number, f"context[{index}]", "write each answer as '- Q: … A: …'")
        lines[("context", index)] = number
        answers.append({"question": question[2:].strip(), "answer": answer.strip()})
    return answers


def _yaml_source(text: str, first_line: int) -> _Source:
    """Plain values with their lines. Raises _Bad for YAML that is broken, hostile, or no mapping."""
    try:
        values, lines = read_yaml(text, first_line)
    except YamlProblem as problem:
        raise _Bad(problem.line, problem.field, problem.message) from None
    if not isinstance(values, dict):
        raise _Bad(first_line, "", "is not a list of 'name: value' fields")
    return _Source(values, lines)


def _problem(path: Path, lines: Lines, location: tuple[str | int, ...], error: Any) -> FileProblem:
    kind = error["type"]
    message = {
        "extra_forbidden": "unknown field; check its spelling",
        "missing": "is missing",
        "string_too_short": "is empty",
    }.get(kind, _plain(error["msg"]))
    return FileProblem(_shown(path), _line(lines, location), _brief(dotted(location)), _brief(message))


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "should")


def _brief(text: str) -> str:
    """On one line, and short: names and tags come from the file."""
    line = "".join(letter if letter.isprintable() else " " for letter in text[: MESSAGE_CHARACTERS + 1])
    return line if len(text) <= MESSAGE_CHARACTERS else f"{line[:MESSAGE_CHARACTERS]}…"


def _flaw(path: Path, lines: Lines, flaw: rules.Flaw) -> FileProblem:
    return FileProblem(_shown(path), _line(lines, flaw.field), dotted(flaw.field), _brief(flaw.message))


def _line(lines: Lines, location: tuple[str | int, ...]) -> int:
    """The line of the field, or of the nearest thing around it."""
    for length in range(len(location), -1, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return 0


def _shown(path: Path) -> str:
    """Folder and name: enough to find the file, without the layout of the machine."""
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name
