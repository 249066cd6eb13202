"""What every visit runs: page config, who is there, wiring, routing."""

from types import ModuleType
from typing import Any

import streamlit as st

from interviewer.ui import (
    choose_page,
    editor_page,
    history_page,
    home_page,
    interview_page,
    people,
    plan_page,
    progress_page,
    report_page,
    review_page,
    settings_page,
    stories_page,
    wiring,
)
from interviewer.ui.wiring import Pages


def page(module: ModuleType, title: str, icon: str, **options: Any) -> st.Page:
    def run() -> None:
        with wiring.showing_errors():
            module.show(wiring.the_app(), pages)

    return st.Page(run, title=title, icon=f":material/{icon}:", **options)


# Before st.navigation, which would have the browser fetch the page's Material icon from another host.
st.set_page_config(
    page_title="Mock interviewer", page_icon=str(wiring.ASSETS / "favicon.png"), initial_sidebar_state=320
)
people.let_in(wiring.settings())
pages = Pages(
    home=page(home_page, "Home", "home", default=True),
    choose=page(choose_page, "Practise", "forum", url_path="practise"),
    review=page(review_page, "Review", "event_repeat", url_path="review"),
    stories=page(stories_page, "Stories", "auto_stories", url_path="stories"),
    progress=page(progress_page, "Progress", "monitoring", url_path="progress"),
    history=page(history_page, "History", "history", url_path="history"),
    settings=page(settings_page, "Settings", "tune", url_path="settings"),
    interview=page(interview_page, "Interview", "chat", url_path="interview", visibility="hidden"),
    report=page(report_page, "Report", "fact_check", url_path="report", visibility="hidden"),
    plan=page(plan_page, "Study plan", "calendar_month", url_path="plan", visibility="hidden"),
    editor=page(editor_page, "Write a scenario", "edit_note", url_path="editor", visibility="hidden"),
)
current = st.navigation(list(pages), position="top")
st.set_page_config(layout=wiring.layout(current))
current.run()
