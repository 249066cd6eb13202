"""YAML as plain values with their lines: no anchors, tags or surprises, and bounded in depth and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

MAX_DEPTH = 20
MAX_NODES = 5_000
MAX_ITEMS = 100  # of one list

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")  # longer ones stay text: Python refuses to read very long ones
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+")

Lines = dict[tuple[str | int, ...], int]


class YamlProblem(Exception):
    """What is wrong with the text, on which line, in which field ("" for none)."""

    def __init__(self, line: int, field: str, message: str) -> None:
        super().__init__(message)
        self.line, self.field, self.message = line, field, message


def read_yaml(
    text: str, first_line: int = 1, *, most_nodes: int = MAX_NODES, most_items: int = MAX_ITEMS
) -> tuple[Any, Lines]:
    """The one document in `text`, and the line on which each field stands. Raises YamlProblem."""
    lines: Lines = {}
    with _in_plain_words(first_line):
        events = _harmless(text, first_line, most_nodes)
        begun = [next(events), next(events)]
        if not isinstance(begun[1], yaml.DocumentStartEvent):
            raise YamlProblem(first_line, "", "is empty")
        value = _Reader(events, lines, first_line, most_items).value(next(events), ())
        ended = [next(events), next(events)]
        if not isinstance(ended[1], yaml.StreamEndEvent):
            raise YamlProblem(_line(ended[1], first_line), "", "is not valid YAML: but found another document")
    return value, lines


def compose(text: str, first_line: int = 1, *, most_nodes: int = MAX_NODES) -> yaml.Node:
    """The nodes, which know their places. Anchors, aliases, tags, deep nesting and huge documents raise YamlProblem."""
    with _in_plain_words(first_line):
        for _ in _harmless(text, first_line, most_nodes):
            pass
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(node, yaml.Node):
        raise YamlProblem(first_line, "", "is empty")
    return node


@contextmanager
def _in_plain_words(first_line: int) -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first_line if error.problem_mark else first_line
        raise YamlProblem(line, "", f"is not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise YamlProblem(first_line, "", "holds a character that YAML does not allow") from error


def dotted(location: tuple[str | int, ...]) -> str:
    """The place of a field as it is written to people: "key_points[0].weight"."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _harmless(text: str, first_line: int, most_nodes: int) -> Iterator[yaml.Event]:
    """The events of the text one by one. Raises YamlProblem at the first that could do harm."""
    depth = 0
    # Straight from the parser: yaml.parse() asks it twice for each event.
    for count, event in enumerate(iter(yaml.CSafeLoader(text).get_event, None)):
        if count > most_nodes:
            raise YamlProblem(_line(event, first_line), "", f"has more than {most_nodes:,} YAML values")
        if isinstance(event, yaml.NodeEvent):
            if event.anchor or isinstance(event, yaml.AliasEvent):
                raise YamlProblem(_line(event, first_line), "", "uses a YAML anchor or alias; write the value out")
            if tag := getattr(event, "tag", None):
                raise YamlProblem(_line(event, first_line), "", f"uses the YAML tag '{tag}'; write a plain value")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    raise YamlProblem(_line(event, first_line), "", f"is nested more than {MAX_DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        yield event


def _line(event: yaml.Event, first_line: int) -> int:
    return (event.start_mark.line if event.start_mark else 0) + first_line


class _Reader:
    """Builds values from events, in one pass: a hundred scenarios are read at every start."""

    def __init__(self, events: Iterator[yaml.Event], lines: Lines, first_line: int, most_items: int) -> None:
        self._events, self._lines, self._first, self._most = events, lines, first_line, most_items

    def value(self, event: yaml.Event, path: tuple[str | int, ...]) -> Any:
        """What begins with this event."""
        self._lines[path] = _line(event, self._first)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        return self._fields(path) if isinstance(event, yaml.MappingStartEvent) else self._items(path)

    def _fields(self, path: tuple[str | int, ...]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = _line(event, self._first)
            if not isinstance(event, yaml.ScalarEvent):
                raise YamlProblem(line, dotted(path), "a field name is not plain text")
            key = event.value
            if key in result:
                raise YamlProblem(line, dotted((*path, key)), "stands twice")
            result[key] = self.value(next(self._events), (*path, key))
            self._lines[(*path, key)] = line
        return result

    def _items(self, path: tuple[str | int, ...]) -> list[Any]:
        result: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            if len(result) == self._most:
                raise YamlProblem(
                    self._lines[path], dotted(path), f"has more than {self._most:,} entries; no more are read"
                )
            result.append(self.value(event, (*path, len(result))))
        return result


def _scalar(event: yaml.ScalarEvent) -> Any:
    """YAML's surprises are left out on purpose: `no` stays text, `12:30` is not 750, a date stays text."""
    text = str(event.value)
    if event.style:  # quoted or block
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
