"""A job description, pasted or dropped: the scenarios that prepare for it. It stays in this browser session."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.job import CHARACTERS, JobMatch, leaning
from interviewer.domain.tags import in_words
from interviewer.errors import InputError
from interviewer.flows.choosing import job_text, scenarios_of_job
from interviewer.ui import choose_filters, state, wiring
from interviewer.ui.text import one_line

FILE_TYPES = ["txt", "md"]
FILE_MEGABYTES = 1
LINE_CHARACTERS = 90


class Job(NamedTuple):
    """How every scenario fits, in the order of the fit, and the tags that an interview would lean to."""

    matches: dict[str, JobMatch]
    leaning: tuple[str, ...]


def asked(app: App) -> Job | None:
    """The place to hand in a job description, and what it matches; None without one."""
    text = st.session_state.get(state.JOB)
    if text is None:
        with st.expander("Match a job description", icon=":material/work:"):
            _form()
        return None
    scenarios = list(app.catalogue.scenarios)
    with st.spinner("Reading the job description…", show_time=False):
        matches = scenarios_of_job(text, scenarios, app.matcher)
    found = Job({match.scenario: match for match in matches}, leaning(text, scenarios))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown("**Sorted for your job description**")
            named = " · ".join(in_words(tag) for tag in found.leaning)
            st.caption(f"It names {one_line(named)}." if named else "It names none of the technologies or topics here.")
        st.button("Forget it", icon=":material/close:", on_click=st.session_state.pop, args=(state.JOB,))
    return found


def reason(match: JobMatch) -> str:
    """Why the scenario fits, as Markdown on one line; "" when it does not."""
    if match.named:
        return f":material/work: Named in the job: {one_line(' · '.join(tag.replace('-', ' ') for tag in match.named))}"
    if not match.fits or not match.line:
        return ""
    line = match.line if len(match.line) <= LINE_CHARACTERS else f"{match.line[:LINE_CHARACTERS].rsplit(' ', 1)[0]}…"
    return f":material/work: Near to “{one_line(line)}”"


def _form() -> None:
    with st.form("job", border=False, clear_on_submit=True):
        st.text_area(
            "Job description",
            key=state.JOB_TEXT,
            max_chars=CHARACTERS,
            height=160,
            placeholder="Paste the advertisement. The scenarios are then sorted by what the job asks for.",
        )
        st.file_uploader(
            "Or a text file", type=FILE_TYPES, key=state.JOB_FILE, max_upload_size=FILE_MEGABYTES, width="stretch"
        )
        st.form_submit_button("Sort the scenarios", icon=":material/sort:", on_click=_take)
        st.caption("It is not stored and not sent to a model. An interview that you start from it keeps the topics.")


def _take() -> None:
    def take() -> None:
        st.session_state[state.JOB] = job_text(_handed_in())
        choose_filters.first_page()

    wiring.attempt(take)


def _handed_in() -> str:
    """The text of the field, else of the file. Raises InputError for a file that is no text."""
    text: str = st.session_state[state.JOB_TEXT]
    file = st.session_state[state.JOB_FILE]
    if text.strip() or file is None:
        return text
    try:
        return str(file.getvalue().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"The file '{file.name}' is not text in UTF-8. Save it as plain text, or paste it.") from None
