"""Every name in the session and in the URL. The session holds ids and choices; what was said is in the store."""

from __future__ import annotations

import hashlib
import uuid

import streamlit as st

from interviewer.bootstrap import Connection

# Names in the URL
INTERVIEW = "interview"
SCENARIO = "scenario"
THEN = "then"
LEAN = "lean"
STORY = "story"
POINT = "point"

# Widgets whose value is in the URL too
SEARCH = "search"
LEVEL = "level"
TOPIC = "topic"
TECHNOLOGY = "technology"
DIFFICULTY = "difficulty"
MINUTES = "minutes"
STANDING = "progress"
PAGE = "page"
PART = "part"

# Other widgets
MODE = "terms_mode"
TARGET_LEVEL = "terms_level"
LENGTH = "terms_length"
MANNER = "terms_manner"
QUESTIONS = "terms_questions"
LEANING = "terms_leaning"
JOB_TEXT = "job_text"
JOB_FILE = "job_file"
TOLD = "story_told"
ANSWER = "answer"
COUNTED = "show_what_counted"
PRESET = "own_preset"
ADDRESS = "own_address"
MODEL = "own_model"
JUDGE = "own_judge"
KEY = "own_key"
SURE = "sure_to_delete_all"
GRADE_VERSION = "grade_version"
OTHER_JUDGE = "other_judge"
RETRY_ANSWER = "retry_answer"
REPORT_QUESTION = "report_question"
REPORT_EXAMPLE = "report_example"
INTERVIEW_ON = "interview_on"
PLAN_MINUTES = "plan_minutes"
COMPARED = "compared_scenario"
NEW_TITLE = "editor_new_title"
COPIED = "editor_copied"
PREVIEW = "editor_preview"
TRANSCRIPT = "editor_transcript"

# What outlasts one drawing of the page
PROBLEM = "problem"
STARTED = "started"
ENDING = "ending"
DELETING = "deleting"
JOB = "job"  # a job description: it is kept here, in the memory of this browser session, and nowhere else
SHOWN_HISTORY = "shown_history"
ASKED = "asked_about_report"
SAVED = "editor_saved"
REFUSED = "editor_refused"
READY = "editor_ready"
BEGUN = "begun"
_DRILL = "drill"
_OWN_ENGINE = "own_engine"

USE_COACH = "coach"


def own_engine() -> Connection | str | None:
    """The person's own connection, USE_COACH, or None when they left it at what the settings say.

    The connection holds their key: it lives in the memory of this browser session and nowhere else.
    """
    chosen: Connection | str | None = st.session_state.get(_OWN_ENGINE)
    return chosen


def choose_engine(chosen: Connection | str | None) -> None:
    st.session_state[_OWN_ENGINE] = chosen


def turn_key(interview: str, at: int) -> str:
    """The key of the answer to be given at this place: the same until another turn is shown, so it is kept once."""
    name = f"turn_key {interview} {at}"
    return str(st.session_state.setdefault(name, uuid.uuid4().hex))


def start_key(scenario: str) -> str:
    """The key of the start button of this brief: the same until it was used."""
    return str(st.session_state.setdefault(f"start_key {scenario}", uuid.uuid4().hex))


def use_start_key(scenario: str, key: str) -> bool:
    """Whether this press is the first with its key; a second one came from a page that is gone."""
    name = f"start_key {scenario}"
    if st.session_state.get(name) != key:
        return False
    del st.session_state[name]
    return True


def of_story(field: str, story: str) -> str:
    """The name of the widget for one field of a story."""
    return f"story_{field} {story}"


def of_manuscript(field: str, id: str, base: str | None) -> str:
    """The name of the widget for one field of a scenario that is written; another one when its file has changed."""
    stamp = hashlib.sha256((base or "").encode()).hexdigest()[:8]
    return f"editor {id} {stamp} {field}"


def drill_key() -> str:
    """The key of the drill on the page: the same until it is left behind, so that its answer is kept once."""
    return str(st.session_state.setdefault(_DRILL, uuid.uuid4().hex))


def show_drill(key: str) -> None:
    st.session_state[_DRILL] = key


def leave_drill() -> None:
    st.session_state.pop(_DRILL, None)


def drill_answer(key: str) -> str:
    """The name of the widget in which a drill is answered."""
    return f"drill_answer {key}"


def scratchpad(interview: str) -> str:
    """The name of the widget with what is noted beside this interview."""
    return f"scratchpad {interview}"


def attach(interview: str) -> str:
    """The name of the widget that says whether the notes go along with the next answer."""
    return f"attach {interview}"


def self_rating(interview: str) -> str:
    """The name of the widget in which the person says how it went."""
    return f"self_rating {interview}"


def dispute_sentences(name: str) -> str:
    """The name of the widget in which the person marks sentences of theirs; `name` is version and key point."""
    return f"dispute_sentences {name}"


def dispute_argument(name: str) -> str:
    """The name of the widget for the reason of a dispute."""
    return f"dispute_argument {name}"
