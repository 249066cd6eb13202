"""The kinds of file that a report can be kept as, in one table: another kind is another line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from interviewer.adapters.reports import as_json, as_markdown
from interviewer.domain.assessment import Assessment
from interviewer.flows.ports import StoredInterview
from interviewer.flows.reporting import Beside


class Export(NamedTuple):
    """A kind of file. `make` gives its bytes, which are UTF-8 where it is text."""

    label: str
    suffix: str
    mime: str
    about: str
    make: Callable[[StoredInterview, Assessment, Beside], bytes]


def _html(stored: StoredInterview, assessment: Assessment, beside: Beside) -> bytes:
    from interviewer.adapters.report_html import as_html

    return as_html(stored, assessment, beside)


def _pdf(stored: StoredInterview, assessment: Assessment, beside: Beside) -> bytes:
    from interviewer.adapters.report_pdf import as_pdf  # reading fonts takes time that only a PDF is worth

    return as_pdf(stored, assessment, beside)


def _markdown(stored: StoredInterview, assessment: Assessment, beside: Beside) -> bytes:
    return as_markdown(stored, assessment, beside).encode("utf-8", "replace")


def _json(stored: StoredInterview, assessment: Assessment, beside: Beside) -> bytes:
    return as_json(stored, assessment).encode("utf-8", "replace")


EXPORTS = (
    Export("Web page", "html", "text/html", "One file with the charts, to open in any browser", _html),
    Export("PDF", "pdf", "application/pdf", "To print or to send", _pdf),
    Export("Markdown", "md", "text/markdown", "For notes", _markdown),
    Export("JSON", "json", "application/json", "Everything there is, to work with", _json),
)
