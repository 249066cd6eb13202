"""Edits to the text of a scenario file that only add: comments, order and wording of everything else stay."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

import yaml

from interviewer.adapters.plain_yaml import YamlProblem, compose, read_yaml
from interviewer.errors import InputError
from interviewer.flows.authoring import Edit

CANNOT = "The file is written in a way that cannot be added to here; put this in by hand."


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits. Raises InputError when one has no place; the text then stays as it was."""
    first, front, rest = parted(text)
    for edit in edits:
        front = _with(front, edit)
    return first + front + rest


def parted(text: str) -> tuple[str, str, str]:
    """What stands before the YAML, the YAML, and what follows it, beginning with its closing line."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].strip() != "---":
        return "", text, ""
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == "---"), len(lines))
    return lines[0], "".join(lines[1:end]), "".join(lines[end:])


def _with(front: str, edit: Edit) -> str:
    try:
        wanted, root = _expected(read_yaml(front)[0], edit), compose(front)
        changed = _set(front, root, edit) if edit.sets else _added(front, root, edit)
        if read_yaml(changed)[0] != wanted:
            raise InputError(CANNOT)
    except (YamlProblem, LookupError, TypeError, AttributeError):
        raise InputError(CANNOT) from None
    return changed


def _expected(values: Any, edit: Edit) -> Any:
    """The values as they should be afterwards."""
    result = copy.deepcopy(values)
    at = result
    for part in edit.field[:-1]:
        at = at[part]
    if edit.sets:
        at[edit.field[-1]] = edit.value
    else:
        at.setdefault(edit.field[-1], []).append(edit.value)
    return result


def _set(front: str, root: yaml.Node, edit: Edit) -> str:
    node = _child(root, edit.field)
    if not isinstance(node, yaml.ScalarNode):
        raise InputError(CANNOT)
    lines = front.splitlines(keepends=True)
    start, end = node.start_mark, node.end_mark
    if start.line != end.line:
        raise InputError(CANNOT)
    line = lines[start.line]
    lines[start.line] = f"{line[: start.column]}{edit.value}{line[end.column :]}"
    return "".join(lines)


def _added(front: str, root: yaml.Node, edit: Edit) -> str:
    value = json.dumps(edit.value, ensure_ascii=False)
    key = edit.field[-1]
    parent = _child(root, edit.field[:-1])
    if not isinstance(parent, yaml.MappingNode):
        raise InputError(CANNOT)
    there = next((node for name, node in parent.value if name.value == key), None)
    if there is None and parent.flow_style:
        return _before_bracket(front, parent, f"{', ' if parent.value else ''}{key}: [{value}]")
    if there is None:
        indent = " " * parent.start_mark.column
        return _after(front, parent, f"{indent}{key}:\n{indent}  - {value}\n")
    if not isinstance(there, yaml.SequenceNode):
        raise InputError(CANNOT)
    if there.flow_style:
        return _before_bracket(front, there, f"{', ' if there.value else ''}{value}")
    return _after(front, there, f"{' ' * there.start_mark.column}- {value}\n")


def _child(node: yaml.Node, field: Sequence[str | int]) -> yaml.Node:
    for part in field:
        if isinstance(node, yaml.MappingNode):
            node = next(value for name, value in node.value if name.value == part)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
        else:
            raise InputError(CANNOT)
    return node


def _before_bracket(front: str, node: yaml.Node, text: str) -> str:
    lines = front.splitlines(keepends=True)
    line, column = node.end_mark.line, node.end_mark.column - 1
    lines[line] = lines[line][:column] + text + lines[line][column:]
    return "".join(lines)


def _after(front: str, node: yaml.Node, text: str) -> str:
    """The text with further lines behind the last line of the node."""
    lines = front.splitlines(keepends=True)
    last = _last(node)
    line = last.end_mark.line if last.end_mark.column or last is node else last.end_mark.line - 1
    while line > last.start_mark.line and not lines[min(line, len(lines) - 1)].strip():
        line -= 1
    if not lines[line].endswith(("\n", "\r")):
        lines[line] += "\n"
    return "".join([*lines[: line + 1], text, *lines[line + 1 :]])


def _last(node: yaml.Node) -> yaml.Node:
    """What ends the node: block collections reach over the blank lines and comments that follow them."""
    while isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and not node.flow_style and node.value:
        node = node.value[-1] if isinstance(node, yaml.SequenceNode) else node.value[-1][1]
    return node
