"""YAML as plain values with their lines: no anchors, tags or surprises, and bounded in depth and size."""

from __future__ import annotations

import re
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
    node = compose(text, first_line, most_nodes=most_nodes)
    lines: Lines = {}
    return _value(node, (), lines, first_line, most_items), lines


def compose(text: str, first_line: int = 1, *, most_nodes: int = MAX_NODES) -> yaml.Node:
    """The nodes, which know their places. Anchors, aliases, tags, deep nesting and huge documents raise YamlProblem."""
    try:
        _refuse_hostile(text, first_line, most_nodes)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first_line if error.problem_mark else first_line
        raise YamlProblem(line, "", f"is not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise YamlProblem(first_line, "", "holds a character that YAML does not allow") from error
    if not isinstance(node, yaml.Node):
        raise YamlProblem(first_line, "", "is empty")
    return node


def dotted(location: tuple[str | int, ...]) -> str:
    """The place of a field as it is written to people: "key_points[0].weight"."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _refuse_hostile(text: str, first_line: int, most_nodes: int) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        line = (event.start_mark.line if event.start_mark else 0) + first_line
        if count > most_nodes:
            raise YamlProblem(line, "", f"has more than {most_nodes:,} YAML values")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlProblem(line, "", "uses a YAML anchor or alias; write the value out")
        if tag := getattr(event, "tag", None):
            raise YamlProblem(line, "", f"uses the YAML tag '{tag}'; write a plain value")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise YamlProblem(line, "", f"is nested more than {MAX_DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, first_line: int, most_items: int) -> Any:
    lines[path] = node.start_mark.line + first_line
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + first_line
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlProblem(line, dotted(path), "a field name is not plain text")
            key = key_node.value
            if key in result:
                raise YamlProblem(line, dotted((*path, key)), "stands twice")
            result[key] = _value(value_node, (*path, key), lines, first_line, most_items)
            lines[(*path, key)] = line
        return result
    if isinstance(node, yaml.SequenceNode):
        if len(node.value) > most_items:
            count = f"{len(node.value):,} entries; at most {most_items:,} are read"
            raise YamlProblem(lines[path], dotted(path), f"has {count}")
        return [_value(child, (*path, index), lines, first_line, most_items) for index, child in enumerate(node.value)]
    if not isinstance(node, yaml.ScalarNode):
        raise YamlProblem(lines[path], dotted(path), "is not plain text, a list or fields")
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
