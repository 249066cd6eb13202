"""A graded interview as one page of HTML that needs nothing else: no script, no request, every word escaped."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from interviewer.adapters.report_charts import Chart, as_svg, bars, radar
from interviewer.domain.annotation import carried_in, meant, pieces
from interviewer.domain.assessment import Assessment
from interviewer.domain.carried import MARKS, STATES, Row, answer_number, rows
from interviewer.domain.interview import Turn
from interviewer.domain.moments import TURNINGS, moments
from interviewer.domain.profile import profile, unknown
from interviewer.domain.versions import versions
from interviewer.flows.ports import RATINGS, StoredInterview
from interviewer.flows.reporting import Beside

_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_PAGE = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: value if isinstance(value, Markup) else drawable(value) if isinstance(value, str) else value,
)


def as_html(stored: StoredInterview, assessment: Assessment, beside: Beside) -> bytes:
    """The report as a self-contained page in UTF-8, for light and dark screens and for paper."""
    interview = stored.interview.as_graded()
    table = rows(interview, assessment)
    standings = profile(interview, assessment, beside.before)
    page = _PAGE.get_template("report.html").render(
        stored=stored,
        interview=interview,
        assessment=assessment,
        rating=RATINGS[stored.self_rating].lower() if stored.self_rating else "",
        charts=[_drawn(chart) for chart in (radar(standings), bars(standings) if standings else None) if chart],
        blank=unknown(assessment),
        compared=beside.before is not None,
        table=table,
        by_id={row.point.id: row for row in table},
        states=STATES,
        marks=MARKS,
        moments=moments(interview, assessment),
        turnings=TURNINGS,
        versions=versions(beside.grades or (assessment,)),
        number_of=lambda turn: answer_number(interview, turn),
        pieces_of=lambda turn: pieces(interview, table, turn),
        carried_in=lambda turn: carried_in(table, turn),
        meant=lambda turn: meant(table, turn),
        exhibit_of=lambda turn: _exhibit(stored, turn),
        is_web=_is_web,
        summary=_summary(table),
    )
    return page.encode("utf-8")


def drawable(text: str) -> str:
    """The text without characters that have no shape, change the direction of others, or cannot be encoded."""
    return _UNSEEN.sub("", text)


def _drawn(chart: Chart) -> Markup:
    return Markup(as_svg(chart))  # noqa: S704 - our own shapes; their words are escaped where they are drawn


def _exhibit(stored: StoredInterview, turn: Turn) -> str:
    """The title of the evidence that was looked at in this turn; "" for none."""
    shown = turn.move.exhibit if turn.move else None
    return next((exhibit.title for exhibit in stored.interview.scenario.exhibits if exhibit.id == shown), "")


def _is_web(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https")


def _summary(table: tuple[Row, ...]) -> str:
    return ", ".join(
        f"{count} {sign.word.lower()}"
        for state, sign in STATES.items()
        if (count := sum(row.state == state for row in table))
    )
