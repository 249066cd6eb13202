"""Plain values -> the text of a scenario file: a new one, or one that changes no more of its old text than it must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from interviewer.adapters.plain_yaml import YamlProblem, compose, read_yaml
from interviewer.adapters.scenario_edits import parted
from interviewer.adapters.scenario_files import SECTIONS, read_values
from interviewer.domain.manuscript import tidy
from interviewer.domain.scenario import Scenario
from interviewer.errors import InputError, ScenarioError

WIDTH = 116
FLOW_CHARACTERS = 80  # of a list that stands on one line: tags and ids, never sentences
WORD_CHARACTERS = 40
CANNOT = "This cannot be written as a scenario file. Take out unusual characters, then try again."

_TITLES = {
    "question": "Question",
    "context": "Context",
    "reference": "Reference answer",
    "sources": "Sources",
}
_ORDER = [field.alias or name for name, field in Scenario.model_fields.items()]


class Text(NamedTuple):
    """The text of a file. `keeps_comments` is False when it had to be written anew although it had comments."""

    text: str
    keeps_comments: bool = True


class _CannotKeep(Exception):
    """This part of the old text has a form that cannot be changed in its place."""


def fresh(values: Mapping[str, Any]) -> str:
    """A new Markdown file. Raises ScenarioError for what cannot be read back, InputError for what is read otherwise."""
    front = {name: values[name] for name in _ordered(values) if name not in SECTIONS}
    sections = [_section(name, values[name]) for name in SECTIONS if values.get(name)]
    text = f"---\n{_dumped(front)}---\n" + "\n".join(sections)
    if tidy(read_values(text, Path("new.md"))) != tidy(dict(values)):
        raise InputError(CANNOT)
    return text


def revised(text: str, values: Mapping[str, Any], path: Path) -> Text:
    """The text with these values: comments, order and wording of all that did not change stay.

    A Markdown file that is written in a way that cannot be changed in places is written anew; see `fresh` for what
    is raised then.
    """
    first, front, rest = parted(text)
    try:
        old, root = read_yaml(front)[0], compose(front)
        if not isinstance(old, dict):
            raise _CannotKeep
        inside = {name: item for name, item in values.items() if name not in SECTIONS or name in old or not first}
        lines = front.splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        changed = first + _changed(lines, root, old, inside, 0, len(lines))
        if first:
            outside = {name: item for name, item in values.items() if name not in inside}
            changed += _with_sections(rest, read_values(text, path), outside)
        if _says(changed, path, values):
            return Text(changed)
    except (_CannotKeep, YamlProblem, ScenarioError):
        pass  # an unusual form of YAML; what follows needs none of the old text
    if path.suffix != ".md":
        raise InputError(CANNOT)
    return Text(fresh(values), "#" not in front)


def _says(text: str, path: Path, values: Mapping[str, Any]) -> bool:
    """Whether the text is read as just these values."""
    try:
        return bool(tidy(read_values(text, path)) == tidy(dict(values)))
    except ScenarioError:
        return False


# --- YAML


class _Dumper(yaml.SafeDumper):
    """Short lists of words on one line, everything else in blocks, longer texts as they are typed."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


class _Block(list[Any]):
    """A list with every entry on a line of its own."""


def _block(dumper: yaml.SafeDumper, items: _Block) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=False)


def _list(dumper: yaml.SafeDumper, items: Sequence[Any]) -> yaml.Node:
    are_words = all(isinstance(item, str | int) and len(str(item)) <= WORD_CHARACTERS for item in items)
    flow = are_words and sum(len(str(item)) + 2 for item in items) <= FLOW_CHARACTERS
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flow)


def _str(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(_Block, _block)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(str, _str)


def _dumped(value: Any, indent: int = 0) -> str:
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH - indent)
    return "".join(f"{' ' * indent}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _on_one_line(value: Any) -> str:
    text = yaml.safe_dump(
        value, sort_keys=False, allow_unicode=True, width=float("inf"), default_flow_style=True
    ).removesuffix("...\n")
    return text.strip()


def _ordered(values: Mapping[str, Any]) -> list[str]:
    """The names of the fields in the order in which a scenario is read, then those that are unknown."""
    return [*(name for name in _ORDER if name in values), *(name for name in values if name not in _ORDER)]


def _changed(lines: list[str], node: yaml.Node, old: Any, new: Any, start: int, end: int) -> str:
    """lines[start:end], which hold the node, with the new value in place of the old one."""
    if tidy(old) == tidy(new):
        return "".join(lines[start:end])
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value and new:
        if isinstance(node, yaml.MappingNode) and isinstance(new, dict):
            return _changed_mapping(lines, node, old, new, start, end)
        if isinstance(node, yaml.SequenceNode) and isinstance(new, list):
            return _changed_list(lines, node, old, new, start, end)
    raise _CannotKeep


def _changed_mapping(
    lines: list[str], node: yaml.MappingNode, old: dict[str, Any], new: dict[str, Any], start: int, end: int
) -> str:
    if [key.value for key, _ in node.value] != list(old):  # keys that are merged in, or that are not words
        raise _CannotKeep
    firsts = [key.start_mark.line for key, _ in node.value]
    bounds = _bounds(lines, firsts, start, end)
    column = node.start_mark.column
    text = ""
    for place, (key, value) in enumerate(node.value):
        name, begin, after = key.value, bounds[place], bounds[place + 1]
        if name in new or tidy(old[name]) in ("", [], {}, None):
            text += _changed_entry(lines, key, value, old[name], new.get(name, old[name]), begin, after)
        elif place == 0 and lines[firsts[0]][:column].strip():  # it shares its line with the dash of a list
            raise _CannotKeep
    added = {name: new[name] for name in _ordered(new) if name not in old}
    return text + (_dumped(added, column) if added else "")


def _changed_entry(
    lines: list[str], key: yaml.Node, value: yaml.Node, old: Any, new: Any, begin: int, after: int
) -> str:
    if tidy(old) == tidy(new):
        return "".join(lines[begin:after])
    first, column = key.start_mark.line, key.start_mark.column
    is_below = isinstance(value, yaml.CollectionNode) and not value.flow_style and value.start_mark.line > first
    if is_below and new:
        try:
            return "".join(lines[begin : first + 1]) + _changed(lines, value, old, new, first + 1, after)
        except _CannotKeep:
            pass  # this entry is written anew, and the others stay
    inline = _inline(lines, value, new, begin, after)
    if inline is not None:
        return inline
    head = "".join(lines[begin:first]) + lines[first][:column]
    return head + _dumped({key.value: new}, column)[column:] + _left_behind(lines, value, after)


def _changed_list(
    lines: list[str], node: yaml.SequenceNode, old: list[Any], new: list[Any], start: int, end: int
) -> str:
    column = node.start_mark.column
    bounds = _bounds(lines, [item.start_mark.line for item in node.value], start, end)
    text = ""
    for item, before in zip(new, _partners(old, new), strict=True):
        if before is None:
            text += _dumped(_Block([item]), column)
        else:
            text += _changed_item(
                lines, node.value[before], old[before], item, bounds[before], bounds[before + 1], column
            )
    return text


def _changed_item(lines: list[str], node: yaml.Node, old: Any, new: Any, begin: int, after: int, column: int) -> str:
    try:
        return _changed(lines, node, old, new, begin, after)
    except _CannotKeep:
        inline = _inline(lines, node, new, begin, after)
        if inline is not None:
            return inline
        return (
            "".join(lines[begin : node.start_mark.line])
            + _dumped(_Block([new]), column)
            + _left_behind(lines, node, after)
        )


def _inline(lines: list[str], node: yaml.Node, new: Any, begin: int, after: int) -> str | None:
    """The lines with the value in its place on its one line; None when it does not stand or fit on one."""
    start, end = node.start_mark, node.end_mark
    is_flow = isinstance(node, yaml.CollectionNode) and node.flow_style
    if start.line != end.line or not (is_flow or isinstance(node, yaml.ScalarNode)):
        return None
    value = _on_one_line(new)
    if isinstance(new, str) and ("\n" in value or start.column + len(value) > WIDTH):
        return None
    line = lines[start.line]
    changed = f"{line[: start.column]}{value}{line[end.column :]}"
    return "".join([*lines[begin : start.line], changed, *lines[start.line + 1 : after]])


def _partners(old: list[Any], new: list[Any]) -> list[int | None]:
    """For each new entry the old one that it was: the same, or of the same id, or else of the same place."""
    free = set(range(len(old)))
    found: list[int | None] = [None] * len(new)

    def take(place: int, fits: Iterator[int]) -> None:
        if found[place] is None and (index := next(fits, None)) is not None:
            found[place] = index
            free.discard(index)

    for place, item in enumerate(new):
        take(place, (index for index in sorted(free) if tidy(old[index]) == tidy(item)))
    for place, item in enumerate(new):
        id = item.get("id") if isinstance(item, dict) else None
        take(place, (i for i in sorted(free) if id and isinstance(old[i], dict) and old[i].get("id") == id))
    for place, item in enumerate(new):
        named = isinstance(item, dict) and "id" in item
        take(place, (index for index in sorted(free) if index == place and not named))
    return found


def _bounds(lines: list[str], firsts: list[int], start: int, end: int) -> list[int]:
    """Where each entry begins, with the comments above it, and where the last one ends."""
    bounds = [start]
    for first in firsts[1:]:
        while first > bounds[-1] + 1 and (not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#")):
            first -= 1
        bounds.append(first)
    return [*bounds, end]


def _left_behind(lines: list[str], node: yaml.Node, after: int) -> str:
    """Blank lines and comments that follow the node and belong to nothing else."""
    last = after
    while last > node.start_mark.line + 1 and (
        not lines[last - 1].strip() or (lines[last - 1].startswith("#") and not isinstance(node, yaml.ScalarNode))
    ):
        last -= 1
    return "".join(lines[last:after])


# --- sections


def _section(name: str, value: Any) -> str:
    return f"## {_TITLES[name]}\n{_body(name, value)}\n"


def _body(name: str, value: Any) -> str:
    if name == "context":
        return "\n".join(f"- Q: {item.get('question', '')} A: {item.get('answer', '')}" for item in value)
    if name == "sources":
        return "\n".join(f"- {item}" for item in value)
    return str(value)


def _with_sections(rest: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What follows the front matter, with the sections that changed written anew in their places."""
    text, left = "", dict(new)
    for name, part in _parts(rest):
        if not name:
            text += part
            continue
        value = left.pop(name, None)
        if tidy(old.get(name)) == tidy(value):
            text += part
        elif value:
            end = "\n" if part.endswith("\n\n") else ""
            text += _section(name, value) + end
    for name in (name for name in SECTIONS if left.get(name)):
        text = f"{text.rstrip()}\n\n{_section(name, left[name])}"
    return text


def _parts(rest: str) -> Iterator[tuple[str, str]]:
    """The closing line of the front matter under "", then each section with its heading."""
    by_title = {title.lower(): name for name, title in _TITLES.items()}
    name, part, is_code = "", "", False
    for line in rest.splitlines(keepends=True):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code and line.startswith("## "):
            yield name, part
            name, part = by_title[line[3:].strip().lower()], ""
        part += line
    yield name, part
