"""scenarios/ -> Scenario. Every problem is named with file, line and field; one bad file never stops the others."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from interviewer.domain import scenario as rules
from interviewer.domain.scenario import Scenario
from interviewer.errors import FileProblem, ScenarioError

MAX_BYTES = 256 * 1024
EXHIBIT_BYTES = 20_000
MAX_DEPTH = 20
MAX_NODES = 5_000
MAX_ITEMS = 100  # of one list
MESSAGE_CHARACTERS = 200
SUFFIXES = (".md", ".yaml", ".yml")

_SECTIONS = {
    "question": "question",
    "context": "context",
    "reference answer": "reference",
    "sources": "sources",
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")  # longer ones stay text: Python refuses to read very long ones
_HEADING = re.compile(rf"#+\s*({'|'.join(_SECTIONS)})\s*:?\s*", re.IGNORECASE)
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+")

_Lines = dict[tuple[str | int, ...], int]


@dataclass(frozen=True)
class Library:
    """The usable scenarios by id, in the order of their ids, and what was wrong with the other files."""

    scenarios: dict[str, Scenario]
    problems: tuple[FileProblem, ...] = ()
    hashes: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None


class _Source(NamedTuple):
    """Plain values of a file, and the line on which each field stands."""

    values: dict[str, Any]
    lines: _Lines


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
    try:
        source = _read_source(path)
    except _Bad as bad:
        raise ScenarioError((FileProblem(_shown(path), bad.line, _brief(bad.field), _brief(bad.message)),)) from None
    try:
        scenario = Scenario.model_validate(source.values)
    except ValidationError as error:
        raise ScenarioError(tuple(_problem(path, source.lines, e["loc"], e) for e in error.errors())) from None
    flaws = rules.errors(scenario)
    read = [_with_content(path.parent, exhibit) for exhibit in scenario.exhibits]
    flaws += [
        rules.Flaw(("exhibits", n, "file"), problem) for n, problem in enumerate(read) if isinstance(problem, str)
    ]
    if flaws:
        raise ScenarioError(tuple(_flaw(path, source.lines, flaw) for flaw in flaws))
    return scenario.model_copy(update={"exhibits": tuple(read)})


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
    return [_flaw(path, _read_source(path).lines, flaw) for flaw in rules.warnings(scenario, today)]


def exhibit_path(folder: Path, name: str) -> Path | None:
    """The exhibit's file, or None when it is missing or would lie outside `folder`."""
    root = folder.resolve()
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, with NUL, a loop of links: no name of a file
        return None


def _read_source(path: Path) -> _Source:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _Bad(0, "", f"{size:,} bytes; a scenario file has at most {MAX_BYTES:,}")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _Bad(0, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _Bad(0, "", f"is not UTF-8 text (byte {error.start})") from error
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


def _section_value(name: str, body: list[str], start: int, lines: _Lines) -> Any:
    if name == "context":
        return _context(body, start, lines)
    if name == "sources":
        return [line.strip()[2:].strip() for line in body if line.strip().startswith(("- ", "* "))]
    return "\n".join(body).strip()


def _context(body: list[str], start: int, lines: _Lines) -> list[dict[str, str]]:
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
    """Plain values with their lines. Anchors, aliases, tags, deep nesting and huge documents are refused first."""
    try:
        _refuse_hostile(text, first_line)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first_line if error.problem_mark else first_line
        raise _Bad(line, "", f"is not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise _Bad(first_line, "", "holds a character that YAML does not allow") from error
    if not isinstance(node, yaml.MappingNode):
        raise _Bad(first_line, "", "is not a list of 'name: value' fields")
    lines: _Lines = {}
    values = _value(node, (), lines, first_line)
    return _Source(values, lines)


def _refuse_hostile(text: str, first_line: int) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        line = (event.start_mark.line if event.start_mark else 0) + first_line
        if count > MAX_NODES:
            raise _Bad(line, "", f"has more than {MAX_NODES:,} YAML values")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Bad(line, "", "uses a YAML anchor or alias; write the value out")
        if tag := getattr(event, "tag", None):
            raise _Bad(line, "", f"uses the YAML tag '{tag}'; write a plain value")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _Bad(line, "", f"is nested more than {MAX_DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(node: yaml.Node, path: tuple[str | int, ...], lines: _Lines, first_line: int) -> Any:
    lines[path] = node.start_mark.line + first_line
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + first_line
            if not isinstance(key_node, yaml.ScalarNode):
                raise _Bad(line, _dotted(path), "a field name is not plain text")
            key = key_node.value
            if key in result:
                raise _Bad(line, _dotted((*path, key)), "stands twice")
            result[key] = _value(value_node, (*path, key), lines, first_line)
            lines[(*path, key)] = line
        return result
    if isinstance(node, yaml.SequenceNode):
        if len(node.value) > MAX_ITEMS:
            raise _Bad(lines[path], _dotted(path), f"has {len(node.value):,} entries; at most {MAX_ITEMS} are read")
        return [_value(child, (*path, index), lines, first_line) for index, child in enumerate(node.value)]
    if not isinstance(node, yaml.ScalarNode):
        raise _Bad(lines[path], _dotted(path), "is not plain text, a list or fields")
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> Any:
    """YAML's surprises are left out on purpose: `no` stays text, `12:30` is not 750, a date stays text."""
    text = str(node.value)
    if node.style:  # quoted or block
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _problem(path: Path, lines: _Lines, location: tuple[str | int, ...], error: Any) -> FileProblem:
    kind = error["type"]
    message = {
        "extra_forbidden": "unknown field; check its spelling",
        "missing": "is missing",
    }.get(kind, _plain(error["msg"]))
    return FileProblem(_shown(path), _line(lines, location), _brief(_dotted(location)), _brief(message))


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "should")


def _brief(text: str) -> str:
    """On one line, and short: names and tags come from the file."""
    line = "".join(letter if letter.isprintable() else " " for letter in text[: MESSAGE_CHARACTERS + 1])
    return line if len(text) <= MESSAGE_CHARACTERS else f"{line[:MESSAGE_CHARACTERS]}…"


def _flaw(path: Path, lines: _Lines, flaw: rules.Flaw) -> FileProblem:
    return FileProblem(_shown(path), _line(lines, flaw.field), _dotted(flaw.field), _brief(flaw.message))


def _line(lines: _Lines, location: tuple[str | int, ...]) -> int:
    """The line of the field, or of the nearest thing around it."""
    for length in range(len(location), -1, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return 0


def _dotted(location: tuple[str | int, ...]) -> str:
    dotted = ""
    for part in location:
        dotted += f"[{part}]" if isinstance(part, int) else f".{part}" if dotted else part
    return dotted


def _shown(path: Path) -> str:
    """Folder and name: enough to find the file, without the layout of the machine."""
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name
