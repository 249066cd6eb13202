"""The App of this process, the engine this person chose, and the one place where an error is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from interviewer.bootstrap import COACH, App, Connection, build
from interviewer.errors import InputError, InterviewerError
from interviewer.flows.ports import ChatModel
from interviewer.settings import Settings, read_settings
from interviewer.ui import people, state
from interviewer.ui.text import escaped

ASSETS = Path(__file__).parent / "assets"


class Pages(NamedTuple):
    """The pages by name, for links from one to another."""

    home: st.Page
    choose: st.Page
    review: st.Page
    stories: st.Page
    progress: st.Page
    history: st.Page
    settings: st.Page
    interview: st.Page
    report: st.Page
    plan: st.Page
    editor: st.Page


_making = threading.Lock()
_made: list[App] = []


def made() -> App:
    """The one App of this process, built by whoever asks first: the server as it starts, or a visitor."""
    with _making:
        if not _made:
            _made.append(build(read_settings()))
        return _made[0]


def close_the_app() -> None:
    """End what the App of this process has under way, if there is one. The next visitor gets a new one."""
    with _making:
        if _made:
            _made.pop().close()


@st.cache_resource(show_spinner="Starting…", on_release=lambda _: close_the_app())
def _app_of_process() -> App:
    """It outlives reruns, reloads and sessions. Who comes while it is made sees that it is."""
    return made()


def settings() -> Settings:
    return _app_of_process().settings


def the_app() -> App:
    """The App for the person who looks at this page. Raises InputError when nobody can be told."""
    app = _app_of_process()
    owner = people.owner_of_page(app.settings)
    if owner is None:
        raise InputError("You are not signed in. Reload the page.")
    return app.of(owner)


@contextmanager
def showing_errors() -> Iterator[None]:
    """Show what went wrong in here or in a callback: what happened and what to do. Bugs are not caught."""
    top = st.container()
    try:
        yield
    except InterviewerError as error:
        _show(str(error))
    with top:
        show_problem()


def layout(page: st.Page) -> Literal["centered", "wide"]:
    """Narrow for the conversation, whose input takes the width of the page; the other pages set their own column."""
    talking = page.url_path == "interview" and state.INTERVIEW in st.query_params
    return "centered" if talking else "wide"


@contextmanager
def column(width: int) -> Iterator[None]:
    """One centred column, so that lines stay readable on a wide screen; `width` in pixels, less on a phone."""
    with st.container(horizontal_alignment="center"), st.container(width=width):
        yield


def show_problem() -> None:
    """Show what went wrong in a callback, once. For a page that has a better place for it than its top."""
    problem = st.session_state.pop(state.PROBLEM, "")
    if problem:
        _show(problem)


def _show(message: str) -> None:
    st.error(escaped(message), icon=":material/error:")


def attempt(action: Callable[[], object]) -> bool:
    """Do this in a callback, before the page is drawn; an error is shown when it is. Gives whether it worked."""
    try:
        action()
    except InterviewerError as error:
        st.session_state[state.PROBLEM] = str(error)
        return False
    return True


def connection(app: App) -> Connection | None:
    """Where the model in use is; None for the built-in coach."""
    chosen = state.own_engine()
    if chosen == state.USE_COACH:
        return None
    return app.connection(chosen if isinstance(chosen, Connection) else None)


def model(app: App, *, judge: bool | str = False) -> ChatModel | None:
    """The model in use, made ready to be called; None for the built-in coach.

    `judge` asks for the one that grades: the chosen one, or the one of this name at the same address.
    """
    used = connection(app)
    if isinstance(judge, str) and used is not None:
        if not may_name_judge(app) and judge != COACH:
            raise InputError("Another model can be named only for a connection of your own.")
        used = replace(used, judge_model=judge)
    return app.model(used, judge=bool(judge))


def may_name_judge(app: App) -> bool:
    """Whether this person may name another model at the address in use: not where somebody else's key pays for it."""
    used = connection(app)
    return used is not None and (used.own or not app.shared)


def judge_in_words(app: App) -> str:
    """Who grades, in words that follow "with"."""
    used = model(app, judge=True)
    return f"the model {escaped(used.name)}" if used else "the built-in coach"


def engine_in_words(app: App) -> str:
    used = connection(app)
    return used.shown if used else "Built-in coach, no model connected"


def engine_of_turn(engine: str) -> str:
    """The engine as the store names it, fit to show."""
    return engine.replace(COACH, "built-in coach", 1) if engine.startswith(COACH) else engine


def engine_link(app: App, pages: Pages) -> None:
    st.page_link(pages.settings, label=escaped(engine_in_words(app)), icon=":material/tune:", help="Change the engine")


def when(moment: datetime) -> str:
    """The moment in the time zone of the browser."""
    return f"{moment.astimezone(zone()):%-d %b %Y, %H:%M}"


def midnight(app: App) -> datetime:
    """When today began in the time zone of the browser."""
    return app.clock().astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0)


def zone() -> tzinfo:
    """The time zone of the browser; the one of this machine when the browser names none that is known."""
    here = datetime.now(UTC).astimezone().tzinfo or UTC
    try:
        return ZoneInfo(st.context.timezone) if st.context.timezone else here
    except (ZoneInfoNotFoundError, ValueError):
        return here


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 answer", "2 answers"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
