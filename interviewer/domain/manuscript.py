"""A scenario while it is written: the plain values of its file, right or wrong, and what an author does to them."""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from interviewer.domain.drafting import equal_weights
from interviewer.domain.scenario import KEY_POINTS, Scenario
from interviewer.errors import InputError

KEY = "_key"  # by which an entry of a list is known while others come, go and move; never part of a file
LISTS = ("key_points", "probes", "constraint_changes", "hints", "mistakes", "context")
GONE = "This part was removed meanwhile, perhaps in another tab. Reload the page to see what stands now."
HINTS = 3

Values = dict[str, Any]
# Names of fields, and the key of an entry behind the name of its list: ("key_points", "k3", "text").
Path = tuple[str, ...]


class Removed(BaseModel):
    """The entry that was taken out last, so that it can be put back."""

    model_config = ConfigDict(frozen=True)

    name: str
    index: int
    entry: Values


class Manuscript(BaseModel):
    """What is being written. `base` is the text of its file as it was opened, None for one that was never saved."""

    model_config = ConfigDict(frozen=True)

    id: str
    file: str
    values: Values
    base: str | None = None
    removed: Removed | None = None


class Problem(NamedTuple):
    """Something wrong at a field, or with `is_error` False something that should be better.

    `field` is written as in a file: "key_points[0].weight"; "" when it is about the whole.
    """

    field: str
    message: str
    is_error: bool


def keyed(values: Values) -> Values:
    """The values of a file with a key for every entry: its place."""
    result = copy.deepcopy(values)
    for name in LISTS:
        entries = result.get(name)
        if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
            for place, entry in enumerate(entries):
                entry.setdefault(KEY, str(place))
    return result


def plain(values: Values) -> Values:
    """The values as they go into the file: no keys, nothing empty, no reference to a key point that is gone.

    A draft without key points says that it has no reference, and one that has some is a draft again.
    """
    result: Values = tidy(values)
    known = {point.get("id") for point in result.get("key_points", ()) if isinstance(point, dict)}
    for exhibit in result.get("exhibits", ()):
        _keep_known(exhibit, "shows", known)
    expected = result.get("level_expectations")
    if isinstance(expected, dict):
        for level in list(expected):
            _keep_known(expected, level, known)
    if result.get("status") in ("draft", "needs_reference"):
        result["status"] = "draft" if known else "needs_reference"
    if isinstance(result.get("context"), list):
        result["context"] = [
            {name: " ".join(text.split()) if isinstance(text, str) else text for name, text in item.items()}
            if isinstance(item, dict)
            else item
            for item in result["context"]
        ]
    return result


def entry_of(values: Values, name: str, key: str) -> Values:
    """The entry with this key. Raises InputError when it is gone."""
    for entry in values.get(name) or ():
        if entry.get(KEY) == key:
            found: Values = entry
            return found
    raise InputError(GONE)


def field_of(values: Values, path: Path) -> str:
    """The path as it is written in messages: "key_points[2].text"."""
    if len(path) < 2 or path[0] not in LISTS:
        return ".".join(path)
    place = next((at for at, entry in enumerate(values.get(path[0]) or ()) if entry.get(KEY) == path[1]), 0)
    return ".".join([f"{path[0]}[{place}]", *path[2:]])


def with_value(values: Values, path: Path, value: object) -> Values:
    """The values with another one at this path. Raises InputError when the entry is gone."""
    result = copy.deepcopy(values)
    at, rest = (entry_of(result, path[0], path[1]), path[2:]) if path[0] in LISTS else (result, path)
    for name in rest[:-1]:
        at = at.setdefault(name, {})
    at[rest[-1]] = value
    return result


def with_entry(values: Values, name: str, entry: Values) -> Values:
    """The values with another entry at the end of a list."""
    result = copy.deepcopy(values)
    result[name] = [*(result.get(name) or ()), {**entry, KEY: uuid.uuid4().hex[:8]}]
    return result


def moved(values: Values, name: str, key: str, by: int) -> Values:
    """The values with an entry so many places further down its list; it stops at the ends."""
    result = copy.deepcopy(values)
    entries = result[name]
    entry = entry_of(result, name, key)
    place = entries.index(entry)
    entries.insert(max(0, min(place + by, len(entries) - 1)), entries.pop(place))
    return result


def without_entry(manuscript: Manuscript, name: str, key: str) -> Manuscript:
    """The manuscript without an entry, which it remembers."""
    entry = entry_of(manuscript.values, name, key)
    entries = list(manuscript.values[name])
    index = entries.index(entry)
    values = {**manuscript.values, name: [*entries[:index], *entries[index + 1 :]]}
    return manuscript.model_copy(
        update={"values": values, "removed": Removed(name=name, index=index, entry=copy.deepcopy(entry))}
    )


def put_back(manuscript: Manuscript) -> Manuscript:
    """The manuscript with the entry that was removed last."""
    gone = manuscript.removed
    if gone is None:
        return manuscript
    entries = list(manuscript.values.get(gone.name) or ())
    entries.insert(gone.index, gone.entry)
    return manuscript.model_copy(update={"values": {**manuscript.values, gone.name: entries}, "removed": None})


def weights_in_sum(values: Values) -> int:
    return sum(point["weight"] for point in values.get("key_points") or () if isinstance(point.get("weight"), int))


def shared_equally(values: Values) -> Values:
    """The values with weights that sum to 100 and differ by one at most."""
    result = copy.deepcopy(values)
    points = result.get("key_points") or []
    for point, weight in zip(points, equal_weights(len(points)) if points else [], strict=True):
        point["weight"] = weight
    return result


def new_point(values: Values) -> Values:
    """A key point to be written, with an id that is free and the weight that is left."""
    taken = {point.get("id") for point in values.get("key_points") or ()}
    id = next(id for number in range(1, 1_000) if (id := f"{values['id']}.{number}") not in taken)
    rest = 100 - weights_in_sum(values)
    return {"id": id, "weight": rest if rest > 0 else 10, "text": "", "phrasings": []}


def new_probe(values: Values) -> Values:
    """A follow-up to be written, about the first key point that has none."""
    points = [point.get("id") for point in values.get("key_points") or ()]
    asked = {target for probe in values.get("probes") or () for target in probe.get("targets") or ()}
    target = next((id for id in points if id not in asked), points[0] if points else None)
    return {
        "id": _free_id(values, "p"),
        "type": "clarify",
        "targets": [target] if target else [],
        "when": "missing",
        "ask": "",
        "strong": "",
        "weak": "",
    }


def new_change(values: Values) -> Values:
    """A changed condition to be written."""
    return {"id": _free_id(values, "c"), "ask": "", "targets": [], "strong": ""}


def with_hints(values: Values) -> Values:
    """The values with three hints to be written, in place of whatever hints there are."""
    result = {**values, "hints": []}
    for level in range(1, HINTS + 1):
        result = with_entry(result, "hints", {"level": level, "text": ""})
    return result


def as_copy(source: Values, id: str, origin: str) -> Values:
    """The values of another scenario under an id of one's own: a draft until somebody reviews it again."""
    old = source["id"]

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return f"{id}{value.removeprefix(old)}" if value.startswith(f"{old}.") else value
        return [renamed(item) for item in value] if isinstance(value, list) else value

    result = copy.deepcopy(source)
    for name in ("key_points", "probes", "constraint_changes", "hints", "exhibits"):
        for entry in result.get(name) or ():
            for field in ("id", "targets", "shows"):
                if field in entry:
                    entry[field] = renamed(entry[field])
    for level, expected in (result.get("level_expectations") or {}).items():
        result["level_expectations"][level] = renamed(expected)
    licence = (result.get("provenance") or {}).get("licence", "own work")
    result |= {"id": id, "status": "draft", "provenance": {"origin": origin, "licence": licence}}
    result.pop("review", None)
    return keyed(result)


def still_example(values: Values, example: Values) -> list[Problem]:
    """A word at each field that holds what the template put there."""
    found = [
        Problem(name, "is still the example; write your own", False)
        for name in ("question", "reference")
        if values.get(name) and values[name] == example.get(name)
    ]
    texts = {point["text"] for point in example["key_points"]}
    for place, point in enumerate(values.get("key_points") or ()):
        if point.get("text") in texts:
            found.append(Problem(f"key_points[{place}].text", "is still the example; write your own", False))
    return found


def may_have_more_points(scenario: Scenario) -> bool:
    """Whether a model may be asked for key points: fewer than four, and nobody has weighed them."""
    weights = [point.weight for point in scenario.key_points]
    return len(weights) < KEY_POINTS.start and (not weights or weights == equal_weights(len(weights)))


def lines_of(text: str) -> list[str]:
    """What stands on the lines of a text, without the empty ones and the marks of a list."""
    return [line for raw in text.splitlines() if (line := re.sub(r"^[-*•]\s+", "", raw.strip()).strip())]


def as_lines(value: object) -> str:
    """A list with one entry on each line."""
    return "\n".join(" ".join(str(entry).split()) for entry in value) if isinstance(value, list) else ""


def changed_by(change: Callable[[Values], Values]) -> Callable[[Manuscript], Manuscript]:
    """A change of the values as a change of the manuscript."""
    return lambda manuscript: manuscript.model_copy(update={"values": change(manuscript.values)})


def _free_id(values: Mapping[str, Any], letter: str) -> str:
    parts: Iterable[Sequence[Values]] = (
        values.get(name) or () for name in ("probes", "constraint_changes", "exhibits")
    )
    taken = {part.get("id") for group in parts for part in group}
    return next(id for number in range(1, 1_000) if (id := f"{letter}{number}") not in taken)


def _keep_known(holder: Values, name: str, known: set[Any]) -> None:
    if isinstance(holder.get(name), list):
        holder[name] = [id for id in holder[name] if id in known]


def tidy(value: Any) -> Any:
    """Without keys of entries, blank lines around a text, and fields that hold nothing."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, list):
        return [tidy(item) for item in value]
    if isinstance(value, dict):
        tidied = ((name, tidy(item)) for name, item in value.items() if name != KEY)
        return {name: item for name, item in tidied if item not in ("", [], {}, None)}
    return value
