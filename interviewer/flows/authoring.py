"""A model proposes what a draft lacks; the author takes or leaves each proposal, and nothing written is replaced."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from interviewer.domain.drafting import equal_weights
from interviewer.domain.manuscript import Values, may_have_more_points, with_entry
from interviewer.domain.scenario import KEY_POINTS, PHRASINGS, Dimension, KeyPoint, ProbeType, Scenario
from interviewer.domain.words import content_words, names, neutral, shared_run
from interviewer.errors import InputError, ModelError
from interviewer.flows.ports import ChatModel, Prompts

MAX_TOKENS = 1_200
WORDS_AT_MOST = 40
ASK_WORDS = 39
PHRASINGS_AT_MOST = PHRASINGS.stop - 1
MISCONCEPTIONS_AT_MOST = 3

Kind = Literal["key point", "phrasing", "misconception", "probe", "hints"]
Path = tuple[str | int, ...]


class Edit(NamedTuple):
    """A value that is added to the end of the list at `field`, or, with `sets`, takes the place of a drafted one."""

    field: Path
    value: Any
    sets: bool = False


class Proposal(NamedTuple):
    """Something to take or leave: what it is, about which key point (""), as lines to read, and as edits."""

    kind: Kind
    about: str
    lines: tuple[str, ...]
    edits: tuple[Edit, ...]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftedPoint(_Shape):
    text: str
    dimension: Dimension


class DraftedPoints(_Shape):
    points: list[DraftedPoint]


class DraftedProbe(_Shape):
    type: ProbeType
    ask: str
    strong: str
    weak: str


class DraftedDetails(_Shape):
    phrasings: list[str]
    misconceptions: list[str]
    probe: DraftedProbe


class DraftedHints(_Shape):
    nudge: str
    pointer: str
    near_answer: str


_Reply = TypeVar("_Reply", bound=_Shape)


def check_draftable(scenario: Scenario) -> None:
    """Raises InputError for a reviewed scenario: what a model wrote would stand there as reviewed."""
    if scenario.status == "reviewed":
        raise InputError(f"'{scenario.id}' is reviewed. Set its status to draft before a model adds to it.")


def point_proposals(scenario: Scenario, model: ChatModel, prompts: Prompts) -> list[Proposal]:
    """Further key points, while there are fewer than four and nobody has weighed them."""
    points = scenario.key_points
    if not may_have_more_points(scenario):
        return []
    reply = _asked(model, prompts, "draft_points", {"scenario": scenario, "count": KEY_POINTS.start + 1}, DraftedPoints)
    proposals: list[Proposal] = []
    known = [point.text for point in points]
    for point in reply.points:
        text = _line(point.text)
        if len(known) < KEY_POINTS.stop - 1 and _is_new(text, known):
            known.append(text)
            value = {"id": "", "weight": 0, "dimension": point.dimension, "text": text, "phrasings": [text]}
            proposals.append(Proposal("key point", "", (text,), (Edit(("key_points",), value),)))
    return proposals


def with_points(scenario: Scenario, accepted: Sequence[Proposal]) -> list[Edit]:
    """The edits that add the accepted key points: new ids, all weights equal again, and a draft in place of nothing."""
    count = len(scenario.key_points)
    weights = equal_weights(count + len(accepted))
    taken = {point.id for point in scenario.key_points}
    free = (id for number in range(1, 1_000) if (id := f"{scenario.id}.{number}") not in taken)
    edits = [Edit(("key_points", index, "weight"), weights[index], sets=True) for index in range(count)]
    for weight, proposal in zip(weights[count:], accepted, strict=True):
        value = {**proposal.edits[0].value, "id": next(free), "weight": weight}
        edits.append(Edit(("key_points",), value))
    if scenario.status == "needs_reference":
        edits.append(Edit(("status",), "draft", sets=True))
    return edits


def detail_proposals(scenario: Scenario, point: KeyPoint, model: ChatModel, prompts: Prompts) -> list[Proposal]:
    """What one key point lacks: phrasings up to four, misconceptions up to three, a probe for when it is missing."""
    index = scenario.key_points.index(point)
    room = PHRASINGS_AT_MOST - len(point.phrasings), MISCONCEPTIONS_AT_MOST - len(point.misconceptions)
    probed = any(point.id in probe.targets and probe.when in ("missing", "any") for probe in scenario.probes)
    if room[0] <= 0 and room[1] <= 0 and probed:
        return []
    reply = _asked(model, prompts, "draft_details", {"scenario": scenario, "point": point}, DraftedDetails)
    known = [point.text, *point.phrasings, *point.misconceptions]
    proposals: list[Proposal] = []
    lists: tuple[tuple[Kind, str, list[str], int], ...] = (
        ("phrasing", "phrasings", reply.phrasings, room[0]),
        ("misconception", "misconceptions", reply.misconceptions, room[1]),
    )
    for kind, name, texts, most in lists:
        fitting = [text for text in map(_line, texts) if _is_new(text, known)]
        for text in list(dict.fromkeys(fitting))[: max(most, 0)]:
            edit = Edit(("key_points", index, name), text)
            proposals.append(Proposal(kind, point.text, (text,), (edit,)))
    if not probed and (probe := _probe(scenario, point, reply.probe)):
        proposals.append(probe)
    return proposals


def hint_proposals(scenario: Scenario, model: ChatModel, prompts: Prompts) -> list[Proposal]:
    """Three hints, to be taken together, when there is none."""
    if scenario.hints or not scenario.key_points:
        return []
    reply = _asked(model, prompts, "draft_hints", {"scenario": scenario}, DraftedHints)
    texts = tuple(_line(text) for text in (reply.nudge, reply.pointer, reply.near_answer))
    if not all(map(_fits, texts)) or any(_gives_away(text, scenario) for text in texts):
        return []
    edits = tuple(Edit(("hints",), {"level": level, "text": text}) for level, text in enumerate(texts, 1))
    return [Proposal("hints", "", texts, edits)]


def signed(scenario: Scenario, model_name: str) -> Iterator[Edit]:
    """The edit by which the scenario says who helped to write it; none when it says so already."""
    if model_name not in scenario.provenance.drafted_by:
        yield Edit(("provenance", "drafted_by"), model_name)


def applied(values: Values, edits: Sequence[Edit]) -> Values:
    """The values of a manuscript with the edits. Raises LookupError for an edit that has no place in them."""
    result = copy.deepcopy(values)
    for edit in edits:
        at: Any = result
        for part in edit.field[:-1]:
            at = at[part]
        last = edit.field[-1]
        if edit.sets:
            at[last] = edit.value
        elif isinstance(edit.value, dict):
            at.update(with_entry(at, str(last), edit.value))
        else:
            at[last] = [*(at.get(last) or ()), edit.value]
    return result


def _probe(scenario: Scenario, point: KeyPoint, drafted: DraftedProbe) -> Proposal | None:
    ask, strong, weak = _line(drafted.ask), _line(drafted.strong), _line(drafted.weak)
    one_question = ask.count("?") == 1 and ask.endswith("?") and len(ask.split()) <= ASK_WORDS
    asked = {probe.ask.casefold() for probe in scenario.probes}
    if not (one_question and _fits(strong) and _fits(weak)) or ask.casefold() in asked or _gives_away(ask, scenario):
        return None
    parts = (scenario.probes, scenario.constraint_changes, scenario.exhibits)
    taken = {part.id for group in parts for part in group}
    id = next(id for number in range(1, 1_000) if (id := f"p{number}") not in taken)
    value = {
        "id": id,
        "type": drafted.type,
        "targets": [point.id],
        "when": "missing",
        "ask": ask,
        "strong": strong,
        "weak": weak,
    }
    lines = (ask, f"strong: {strong}", f"weak: {weak}")
    return Proposal("probe", point.text, lines, (Edit(("probes",), value),))


def _asked(model: ChatModel, prompts: Prompts, prompt: str, values: dict[str, object], shape: type[_Reply]) -> _Reply:
    """The model's reply in this shape. Raises ModelError."""
    text = prompts.render(prompt, values).text
    reply = model.parse([{"role": "user", "content": text}], shape, max_tokens=MAX_TOKENS).value
    if not isinstance(reply, shape):
        raise ModelError("invalid", "The model did not reply in the form that was asked for.")
    return reply


def _line(text: str) -> str:
    return neutral(text).strip(" \"'“”")


def _fits(text: str) -> bool:
    return bool(content_words(text)) and len(text.split()) <= WORDS_AT_MOST


def _is_new(text: str, known: Sequence[str]) -> bool:
    return _fits(text) and text.casefold().rstrip(".") not in {other.casefold().rstrip(".") for other in known}


def _gives_away(text: str, scenario: Scenario) -> bool:
    """Whether a question or hint holds five words in a row of a key point, or a term that no hint may name."""
    told = [words for point in scenario.key_points for words in (point.text, *point.phrasings)]
    terms = [term for hint in scenario.hints for term in hint.spoiler_terms]
    return any(shared_run(text, other) for other in told) or any(names(text, term) for term in terms)
