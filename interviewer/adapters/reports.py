"""Interviews as files to keep: Markdown to read, JSON to work with, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from interviewer.domain.assessment import Assessment, PointResult
from interviewer.domain.carried import MARKS, STATES, answer_number, rows
from interviewer.domain.interview import Interview, Turn
from interviewer.domain.moments import TURNINGS, moments
from interviewer.domain.profile import profile
from interviewer.domain.versions import versions
from interviewer.flows.ports import RATINGS, StoredInterview, Summary
from interviewer.flows.reporting import Beside

FORMAT = 1
NOTHING_BESIDE = Beside()
CSV_COLUMNS = (
    "created_at",
    "scenario",
    "title",
    "mode",
    "level",
    "engine",
    "ended",
    "answers",
    "score",
    "signal",
    "updated_at",
    "id",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# What a terminal would obey or what turns the reading direction; and what Markdown gives a meaning to.
_HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MARKUP = re.compile(r"([\\`*_~\[\]<>!#|$&]|^(?:[-+](?=\s)|\d+[.)](?=\s)))")
_WORD = {"covered": "covered", "partial": "partly covered", "missed": "missed", "contradicted": "contradicted"}


def as_markdown(stored: StoredInterview, assessment: Assessment | None, beside: Beside = NOTHING_BESIDE) -> str:
    """The report as Markdown; without a grade, what was said. The candidate's words stand in fences that nothing in
    them can close.
    """
    interview = stored.interview.as_graded() if assessment else stored.interview
    turns = [line for turn in interview.turns for line in _turn(turn)]
    graded = (
        [*_head(stored, assessment), *_findings(interview, assessment, beside)] if assessment else _bare_head(stored)
    )
    return "\n".join([*graded, "## Transcript", "", *turns])


def as_json(stored: StoredInterview, assessment: Assessment) -> str:
    """Everything there is about the interview and this grade, as one JSON object."""
    whole = {
        "format": FORMAT,
        "id": stored.id,
        "engine": stored.engine,
        "created_at": stored.created_at.isoformat(),
        "interview": stored.interview.model_dump(mode="json", by_alias=True),
        "assessment": assessment.model_dump(mode="json"),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def as_csv(history: Iterable[Summary]) -> str:
    """One line an interview, for a spreadsheet. No cell is taken for a formula."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(CSV_COLUMNS)
    for line in history:
        cells = (getattr(line, name) for name in CSV_COLUMNS)
        rows.writerow([cell.isoformat() if isinstance(cell, datetime) else _inert(cell) for cell in cells])
    return file.getvalue()


def _inert(cell: object) -> object:
    """The cell with an apostrophe before what a spreadsheet would read as the beginning of a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def plain(text: str) -> str:
    """Markdown that shows the text as it is, on one line: no markup, no link, no image, no HTML."""
    return _MARKUP.sub(r"\\\1", " ".join(_HIDDEN.sub("", text).split()))


def fenced(text: str) -> str:
    """The text in a fence one backtick longer than any run of backticks in it, without control characters."""
    text = _HIDDEN.sub("", text)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _head(stored: StoredInterview, assessment: Assessment) -> list[str]:
    score = "not enough evidence" if assessment.score is None else f"{assessment.score} of 100"
    return [
        f"# {plain(stored.interview.scenario.title)}",
        "",
        f"- Date: {stored.created_at:%Y-%m-%d %H:%M} UTC",
        f"- Mode: {assessment.mode}, {assessment.level} level",
        f"- Score: {score}",
        f"- Signal: {assessment.signal}. {plain(assessment.signal_reason)}",
        f"- Confidence: {assessment.confidence}",
        *([f"- You thought it went: {RATINGS[stored.self_rating].lower()}"] if stored.self_rating else []),
        f"- Graded by: {plain(assessment.engine)}{', a small model: for practice only' * assessment.practice_only}",
        "",
        "This is feedback for practice, not a hiring decision.",
        "",
        *(f"> Note: {plain(warning)}\n" for warning in assessment.warnings),
        *(
            line
            for flag in assessment.red_flags
            for line in ("> A claim that interviewers do not let pass:", "", fenced(flag.evidence.text), "")
        ),
    ]


def _bare_head(stored: StoredInterview) -> list[str]:
    interview = stored.interview
    return [
        f"# {plain(interview.scenario.title)}",
        "",
        f"- Date: {stored.created_at:%Y-%m-%d %H:%M} UTC",
        f"- Mode: {interview.mode}, {interview.level} level",
        "- Not graded",
        "",
    ]


def _findings(interview: Interview, assessment: Assessment, beside: Beside) -> Iterator[str]:
    yield from _dimensions(interview, assessment, beside)
    yield from _gaps(assessment)
    yield from _moments(interview, assessment)
    yield from _map(interview, assessment)
    yield from ("## The points", "")
    for result in assessment.points:
        yield from _point(interview, result)
        yield from _disputes(assessment, result.key_point)
    yield from _rewrite(assessment)
    yield from _versions(beside)


def _gaps(assessment: Assessment) -> Iterator[str]:
    if not assessment.gaps:
        return
    yield from ("## What was missing", "")
    for gap in assessment.gaps:
        yield f"### {plain(gap.missing)}"
        yield ""
        if gap.why:
            yield f"Why it matters here: {plain(gap.why)}\n"
        yield f"A strong sentence: {plain(gap.strong)}\n"
        yield from (f"- {plain(source)}" for source in gap.sources)
        yield ""


def _point(interview: Interview, result: PointResult) -> Iterator[str]:
    yield f"### {plain(interview.scenario.key_point(result.key_point).text)}"
    yield ""
    if result.verdict is None:
        why = plain(result.ungraded.reason) if result.ungraded else "no verdict"
        yield f"Not graded: {why} (weight {result.weight})\n"
        return
    hint = f", after hint {result.hint_level}" if result.hint_level else ""
    yield f"{_WORD[result.verdict.kind].capitalize()}: {result.credit or 0:.0%} of weight {result.weight}{hint}\n"
    if result.verdict.reason:
        yield f"{plain(result.verdict.reason)}\n"
    for evidence in result.verdict.evidence:
        yield f"{fenced(evidence.text)}\n"


def _disputes(assessment: Assessment, key_point: str) -> Iterator[str]:
    for dispute in assessment.disputes:
        if dispute.key_point == key_point:
            yield f"You disputed this:\n\n{fenced(dispute.argument)}\n\n{plain(dispute.reason)}\n"


def _rewrite(assessment: Assessment) -> Iterator[str]:
    if assessment.rewrite is None:
        return
    yield from ("## Your answer in order", "")
    for name in ("situation", "task", "action", "result"):
        yield f"**{name.capitalize()}**\n\n{fenced(getattr(assessment.rewrite, name))}\n"


def _turn(turn: Turn) -> Iterator[str]:
    yield f"**{'You' if turn.role == 'candidate' else 'Interviewer'}**"
    yield ""
    yield fenced(turn.text)
    yield ""


def _dimensions(interview: Interview, assessment: Assessment, beside: Beside) -> Iterator[str]:
    standings = profile(interview, assessment, beside.before)
    if not standings:
        return
    yield from ("## By dimension", "", "From 1 to 4; 3 is solid for the level.", "")
    yield from (f"- {item.in_words}" for item in standings)
    yield ""


def _moments(interview: Interview, assessment: Assessment) -> Iterator[str]:
    found = moments(interview, assessment)
    if not found:
        return
    yield from ("## Decisive moments", "")
    for moment in found:
        sign = TURNINGS[moment.turning]
        yield f"{sign.symbol} {sign.word} in answer {answer_number(interview, moment.turn)}: {plain(moment.text)}"
        yield ""
        if moment.quote:
            yield f"{fenced(moment.quote)}\n"


def _map(interview: Interview, assessment: Assessment) -> Iterator[str]:
    """Points by answers as a table. It holds numbers and signs only, so that nothing in it needs escaping."""
    table = rows(interview, assessment)
    numbers = range(1, len(interview.answers) + 1)
    yield from ("## Which answer carried what", "")
    yield f"| Point | Verdict | Weight |{''.join(f' {number} |' for number in numbers)}"
    yield f"|--:|:--|--:|{':-:|' * len(numbers)}"
    for row in table:
        marks = "".join(f" {MARKS[mark].symbol if mark else ''} |" for mark in row.marks)
        yield f"| {row.number} | {STATES[row.state].symbol} {row.words} | {row.result.weight} |{marks}"
    yield ""
    yield "The columns are the answers: " + ", ".join(f"{sign.symbol} {sign.word}" for sign in MARKS.values()) + "."
    yield ""


def _versions(beside: Beside) -> Iterator[str]:
    if len(beside.grades) < 2:
        return
    yield from ("## All grades of this interview", "")
    for version in versions(beside.grades):
        score = "no score" if version.score is None else str(version.score)
        told = f": {'; '.join(version.changes)}" if version.changes else ""
        yield (
            f"{version.number}. {plain(version.made or version.engine)}, {version.at:%Y-%m-%d %H:%M} UTC, "
            f"{score}, {version.signal}{told}"
        )
    yield ""
