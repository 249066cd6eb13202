"""A question that was found -> a scenario file in our format: nothing is invented, and what is drafted says so."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import yaml

from interviewer.adapters.packs.found import FollowUp, Found
from interviewer.adapters.packs.markdown import numbered
from interviewer.domain.drafting import bare, drafted_points, items_of
from interviewer.domain.scenario import Difficulty, KeyPoint, Level
from interviewer.domain.words import content_words

PREFIX = "own-"  # so that the id of an imported scenario is never that of a shipped one
LICENCE = "unknown: private use"
TITLE_CHARACTERS = 80
SLUG_CHARACTERS = 28
ASK_WORDS = 39  # an interviewer asks no longer questions

LEVELS: dict[Difficulty, list[Level]] = {"easy": ["mid"], "medium": ["mid", "senior"], "hard": ["senior", "staff"]}
MINUTES: dict[Difficulty, int] = {"easy": 10, "medium": 15, "hard": 20}

_WRITTEN = re.compile(r"(imported: \{source: '?[0-9a-f]{12}'?, written: )'?[0-9a-f]+'?(?=\})")
_HEADING = re.compile(r"#{1,6}(?:\s+|(?=question|context|reference answer|sources))(.*)", re.IGNORECASE)
_LISTED_FENCE = re.compile(r"(\s*)([-*+]|\d+[.)])(\s+)((?:`{3,}|~{3,}).*)")


class Written(NamedTuple):
    """A scenario file, and what its author should know about it."""

    text: str
    notes: tuple[str, ...] = ()


def scenario_file(found: Found, id: str, source: str) -> Written:
    """The file for what was found. `source` is the name of the file it is from, as it stands in the provenance."""
    notes: list[str] = []
    if found.difficulty is None:
        notes.append("no difficulty is given; medium is assumed")
    items = [*items_of(found.diagnosis, "diagnosis"), *items_of(found.answer)]
    points = drafted_points(id, items)
    if not found.answer and not found.diagnosis:
        notes.append("has no answer: it can be practised, and is not scored until it has a reference")
    elif not points:
        notes.append("its answer has no sentence to draft key points from: it is not scored until somebody writes them")
    elif len(points) < 4:
        notes.append(f"{len(points)} key points could be drafted; four or more grade better")
    probes = _probes(found.follow_ups, points)
    if found.follow_ups and not points:
        notes.append(f"{len(found.follow_ups)} follow-up questions are left out: without key points they have no aim")
    notes += [f"the follow-up '{p['ask'][:60]}' is longer than {ASK_WORDS} words" for p in probes if _is_long(p["ask"])]
    front = _front_matter(found, id, source, points, probes)
    question = "\n\n".join(filter(None, (found.question, found.context and f"**Context:** {found.context}")))
    reference = "\n\n".join(filter(None, (found.diagnosis, found.answer, found.extra)))
    parts = [f"---\n{_yaml(front)}---", f"## Question\n{_body(question)}"]
    if reference:
        parts.append(f"## Reference answer\n{_body(reference)}")
    return Written(stamped("\n\n".join(parts).replace("---\n\n## Q", "---\n## Q", 1) + "\n"), tuple(notes))


def stamped(text: str) -> str:
    """The text with its own digest in it, by which a later import sees whether a person has changed it."""
    return _WRITTEN.sub(rf"\g<1>'{_digest(text)}'", text, count=1)


def is_untouched(text: str) -> bool:
    """Whether the file is as an import left it."""
    return stamped(text) == text


def id_of(found: Found) -> str:
    """An id that says what it is about: "own-hard-31-a-title"."""
    number = "" if found.number is None else f"{found.number}-"
    level = f"{found.difficulty}-" if found.number is not None and found.difficulty else ""
    return f"{PREFIX}{level}{number}{slug(found.title or bare(found.question)) or found.digest}"


def slug(text: str) -> str:
    """Lower-case ASCII words with hyphens, cut between words."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    kept = ""
    for word in re.findall(r"[a-z0-9]+", plain):
        if kept and len(kept) + 1 + len(word) > SLUG_CHARACTERS:
            break
        kept = f"{kept}-{word}" if kept else word[:SLUG_CHARACTERS]
    return kept


def title_of(found: Found) -> str:
    """The title, or the beginning of the question."""
    words = bare(found.title or found.question)
    if len(words) <= TITLE_CHARACTERS:
        return words
    cut = words[: TITLE_CHARACTERS + 1]
    return f"{cut[: max(cut.rfind(' '), 1)].rstrip(' ,;:.')}…"


def _front_matter(
    found: Found, id: str, source: str, points: Sequence[KeyPoint], probes: list[dict[str, Any]]
) -> dict[str, Any]:
    difficulty = found.difficulty or "medium"
    provenance: dict[str, Any] = {"origin": source, "licence": LICENCE}
    if points:
        provenance["drafted_by"] = ["rule"]
    provenance["imported"] = {"source": found.digest, "written": "0"}
    values: dict[str, Any] = {
        "schema": 1,
        "id": id,
        "title": title_of(found),
        "difficulty": difficulty,
        "level": list(LEVELS[difficulty]),
        "topics": ["imported", *filter(None, [slug(found.group)])],
        "technologies": list(found.technologies),
        "time_minutes": MINUTES[difficulty],
        "status": "draft" if points else "needs_reference",
        "provenance": provenance,
        "key_points": [
            {
                "id": point.id,
                "weight": point.weight,
                "dimension": point.dimension,
                "text": point.text,
                "phrasings": list(point.phrasings),
            }
            for point in points
        ],
        "probes": probes,
    }
    return {name: value for name, value in values.items() if value not in ([], None)}


def _probes(follow_ups: Sequence[FollowUp], points: Sequence[KeyPoint]) -> list[dict[str, Any]]:
    """The source's own follow-up questions, each aimed at the point with which it shares most words."""
    if not points:
        return []
    return [
        {
            "id": f"p{number}",
            "type": "deepen",
            "targets": [_nearest(f"{pair.question} {pair.answer}", points)],
            "when": "any",
            "ask": bare(pair.question),
            "strong": bare(pair.answer),
        }
        for number, pair in enumerate(follow_ups, 1)
        if bare(pair.question)
    ]


def _nearest(text: str, points: Sequence[KeyPoint]) -> str:
    words = set(content_words(text))
    return max(points, key=lambda point: len(words & set(content_words(point.text)))).id


def _is_long(ask: str) -> bool:
    return len(ask.split()) > ASK_WORDS


def _yaml(values: dict[str, Any]) -> str:
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=116, default_flow_style=None)


def _body(text: str) -> str:
    """The Markdown without headings, which would end the section, and with fences that the loader knows."""
    return "\n".join(_lines(text)).strip("\n")


def _lines(text: str) -> Iterator[str]:
    was_code = False
    for line in numbered(text):
        listed = _LISTED_FENCE.fullmatch(line.text) if line.code and not was_code else None
        if listed:
            yield f"{listed[1]}{listed[2]}"
            yield f"{listed[1]}{' ' * len(listed[2] + listed[3])}{_fence(listed[4])}"
        elif line.code:
            yield _fence(line.text)
        elif heading := _HEADING.fullmatch(line.text):
            yield f"**{heading[1].strip('# *')}**"
        else:
            yield line.text
        was_code = line.code
    if was_code and _fence(line.text).strip() != "```":
        yield "```"


def _fence(line: str) -> str:
    """Marks of a block as three backticks."""
    return re.sub(r"^(\s*)(?:`{3,}|~{3,})", r"\1```", line)


def _digest(text: str) -> str:
    return hashlib.sha256(_WRITTEN.sub(r"\g<1>", text, count=1).encode()).hexdigest()[:12]
