"""The report as a file to keep."""

from __future__ import annotations

from functools import partial

import streamlit as st

from interviewer.bootstrap import EXPORTS, Beside
from interviewer.domain.assessment import Assessment
from interviewer.flows.ports import StoredInterview

ICONS = {
    "html": ":material/public:",
    "pdf": ":material/picture_as_pdf:",
    "md": ":material/notes:",
    "json": ":material/data_object:",
}


def draw(stored: StoredInterview, assessment: Assessment, beside: Beside) -> None:
    """One button for each kind of file. A file is made when it is asked for."""
    name = f"interview-{stored.interview.scenario.id}-{stored.created_at:%Y-%m-%d}"
    with st.popover("Download", icon=":material/download:"):
        for kind in EXPORTS:
            st.download_button(
                kind.label,
                partial(kind.make, stored, assessment, beside),
                f"{name}.{kind.suffix}",
                kind.mime,
                on_click="ignore",
                icon=ICONS.get(kind.suffix, ":material/draft:"),
                help=kind.about,
                width="stretch",
            )
