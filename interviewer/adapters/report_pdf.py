"""A graded interview as a PDF to print or send: charts, points, moments and the transcript."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.adapters.pdf_page import MARGIN, MILLIMETRES, PLAIN, QUIET, SHADES, TEXT, Page
from interviewer.adapters.report_charts import bars, radar
from interviewer.domain.annotation import meant, pieces
from interviewer.domain.assessment import Assessment
from interviewer.domain.carried import MARKS, STATES, Row, answer_number, rows
from interviewer.domain.interview import Interview
from interviewer.domain.moments import TURNINGS, moments
from interviewer.domain.profile import profile, unknown
from interviewer.domain.versions import versions
from interviewer.flows.ports import RATINGS, StoredInterview
from interviewer.flows.reporting import Beside

ANSWERS_A_TABLE = 20  # columns that fit on the page


def as_pdf(stored: StoredInterview, assessment: Assessment, beside: Beside) -> bytes:
    """The report as a PDF. The same report gives the same bytes."""
    interview = stored.interview.as_graded()
    table = rows(interview, assessment)
    page = Page(interview.scenario.title)
    page.set_creation_date(assessment.at)
    _head(page, stored, assessment)
    _charts(page, interview, assessment, beside)
    _carried(page, interview, assessment)
    _missing(page, assessment)
    _moments(page, interview, assessment)
    _points(page, interview, assessment, table)
    _heat_map(page, table)
    _story(page, assessment)
    _versions(page, beside)
    _transcript(page, interview, table)
    return bytes(page.output())


def _head(page: Page, stored: StoredInterview, assessment: Assessment) -> None:
    page.heading(stored.interview.scenario.title, 17)
    page.quiet(
        f"{stored.created_at:%Y-%m-%d %H:%M} UTC · {assessment.mode.capitalize()} · "
        f"{assessment.level.capitalize()} level · Graded by {assessment.engine}"
    )
    page.ln(2)
    score = "No score" if assessment.score is None else f"Score {assessment.score} of 100"
    page.text_lines(f"{score} · Signal: {assessment.signal}", bold=True)
    page.text_lines(assessment.signal_reason)
    rated = f" You thought it went: {RATINGS[stored.self_rating].lower()}." if stored.self_rating else ""
    page.quiet(f"{assessment.confidence.capitalize()} confidence.{rated} Feedback for practice, not a hiring decision.")
    for warning in assessment.warnings:
        page.quiet(f"Note: {warning}")
    for flag in assessment.red_flags:
        number = answer_number(stored.interview, flag.evidence.turn)
        page.signed("contradicted", "! A claim that interviewers do not let pass", f"answer {number}")
        page.quote(flag.evidence.text)


def _charts(page: Page, interview: Interview, assessment: Assessment, beside: Beside) -> None:
    standings = profile(interview, assessment, beside.before)
    if not standings:
        return
    page.heading("By dimension")
    shape, list_ = radar(standings), bars(standings)
    height = max(chart.height for chart in (shape, list_) if chart) * MILLIMETRES
    page.room_for(height + 4)
    top = page.get_y()
    if shape:
        page.chart(shape, MARGIN, top)
    page.chart(list_, MARGIN + (shape.width * MILLIMETRES + 4 if shape else 0), top)
    page.set_y(top + height + 2)
    page.quiet(
        "From 1 to 4; 3 is solid for the level. A dashed line on a bar shows how far the level could reach if what was "
        "left open had been said; a diamond is the last attempt at this scenario."
    )
    blank = unknown(assessment)
    if blank:
        page.quiet(f"Nothing in this interview to judge {', '.join(blank)} by.")


def _carried(page: Page, interview: Interview, assessment: Assessment) -> None:
    page.heading("What carried")
    if not assessment.strongest:
        page.text_lines("No point was fully covered this time.")
    for id in assessment.strongest:
        page.text_lines(interview.scenario.key_point(id).text, bold=True)
        verdict = assessment.point(id).verdict
        for evidence in verdict.evidence[:1] if verdict else ():
            page.quote(evidence.text, f"(answer {answer_number(interview, evidence.turn)})")
        page.ln(1)


def _missing(page: Page, assessment: Assessment) -> None:
    if not assessment.gaps:
        return
    page.heading("What was missing")
    for gap in assessment.gaps:
        page.text_lines(gap.missing, bold=True)
        if gap.why:
            page.text_lines(f"Why it matters here: {gap.why}")
        page.text_lines(f"A strong sentence: {gap.strong}")
        for source in gap.sources:
            page.quiet(source)
        page.ln(1.5)


def _moments(page: Page, interview: Interview, assessment: Assessment) -> None:
    page.heading("Decisive moments")
    found = moments(interview, assessment)
    if not found:
        page.text_lines("No single answer decided this interview.")
    for moment in found:
        sign = TURNINGS[moment.turning]
        kind = {"won": "covered", "lost": "contradicted", "recovered": "partial"}[moment.turning]
        page.signed(kind, f"{sign.symbol} {sign.word}", f"Answer {answer_number(interview, moment.turn)}")
        page.text_lines(moment.text)
        if moment.quote:
            page.quote(moment.quote)
        page.ln(1)


def _points(page: Page, interview: Interview, assessment: Assessment, table: Sequence[Row]) -> None:
    page.heading("The points")
    for row in table:
        credit = "left out of the score" if row.result.credit is None else f"credit {row.result.credit:.0%}"
        about = f"Point {row.number} · weight {row.result.weight} · {credit}"
        page.signed(row.state, f"{STATES[row.state].symbol} {row.words}", about)
        page.text_lines(row.point.text)
        verdict = row.result.verdict
        for evidence in verdict.evidence if verdict else ():
            page.quote(evidence.text, f"(answer {answer_number(interview, evidence.turn)})")
        reason = verdict.reason if verdict else row.result.ungraded.reason if row.result.ungraded else ""
        if reason:
            page.quiet(reason)
        for dispute in assessment.disputes:
            if dispute.key_point == row.point.id:
                page.quiet(f"You disputed this: “{dispute.argument}” {dispute.reason}")
        page.ln(2)


def _heat_map(page: Page, table: Sequence[Row]) -> None:
    answers = len(table[0].marks) if table else 0
    if not answers:
        return
    page.heading("Which answer carried what")
    for first in range(0, answers, ANSWERS_A_TABLE):
        shown = range(first, min(first + ANSWERS_A_TABLE, answers))
        _heat_rows(page, table, shown)
    page.quiet("Columns: your answers. " + " · ".join(f"{sign.symbol} {sign.word}" for sign in MARKS.values()))


def _heat_rows(page: Page, table: Sequence[Row], shown: range) -> None:
    page.room_for(6 * (len(table) + 1))
    page.ink(QUIET, 8)
    page.cell(52, 5.5, "Point")
    for number in shown:
        page.cell(6, 5.5, str(number + 1), align="C")
    page.ln(5.5)
    for row in table:
        page.ink(TEXT, 8)
        page.cell(52, 5.5, page.shown(f"{row.number} {STATES[row.state].symbol} {row.words}"))
        for number in shown:
            mark = row.marks[number]
            page.set_fill_color(*SHADES.get(mark or "", PLAIN))
            page.cell(6, 5.5, MARKS[mark].symbol if mark else "", align="C", fill=mark is not None)
        page.ln(5.8)
    page.ln(1)


def _story(page: Page, assessment: Assessment) -> None:
    star = assessment.star
    if star is None:
        return
    page.heading("How the answer was built")
    parts = {"Situation": star.situation, "Task": star.task, "Action": star.action, "Result": star.result}
    for name, element in parts.items():
        page.text_lines(f"{name}: {element.status}", bold=True)
        if element.quote:
            page.quote(element.quote)
        if element.note:
            page.quiet(element.note)


def _versions(page: Page, beside: Beside) -> None:
    if len(beside.grades) < 2:
        return
    page.heading("All grades of this interview")
    for version in versions(beside.grades):
        score = "–" if version.score is None else str(version.score)
        whose = f"{version.number}. {version.made or version.engine}, {version.at:%Y-%m-%d %H:%M} UTC"
        page.text_lines(f"{whose}: {score}, {version.signal}")
        if version.changes:
            page.quiet("; ".join(version.changes))


def _transcript(page: Page, interview: Interview, table: Sequence[Row]) -> None:
    page.heading("Transcript")
    page.quiet("Bold sentences are the evidence of the grade; the number after one is that of the point.")
    for turn in interview.turns:
        page.ln(1.5)
        if turn.role == "candidate":
            page.text_lines(f"Answer {answer_number(interview, turn.seq)}", bold=True)
            page.answer([(p.text, p.kind, ", ".join(map(str, p.points))) for p in pieces(interview, table, turn)])
            continue
        page.text_lines(turn.text)
        shown = turn.move.exhibit if turn.move else None
        for exhibit in interview.scenario.exhibits:
            if exhibit.id == shown:
                page.quiet(f"Looked at: {exhibit.title}")
        if aim := meant(table, turn):
            page.quiet(aim)
