"""The interview itself: what was said so far, the reply as it is worded, and the input."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from interviewer.bootstrap import RATINGS, App, Call
from interviewer.domain.budget import in_dollars
from interviewer.domain.hints import WITH_HINTS, hint_offer, silent_for_long
from interviewer.domain.interview import THINKING_SECONDS, Interview
from interviewer.flows.ports import StoredInterview
from interviewer.ui import chain, scratchpad, state, stories, turns, wiring
from interviewer.ui.text import authored, one_line, spoken
from interviewer.ui.wiring import Pages
from interviewer.worker import Live

CLOCK_SECONDS = 5


def show(app: App, pages: Pages, id: str) -> None:
    # The reply under way is looked up on both sides of the load: it may end, or begin, in between.
    live = app.worker.reply_of(id, owner=app.owner)
    stored = app.store.load(id, owner=app.owner)
    interview = stored.interview
    live = (live or app.worker.reply_of(id, owner=app.owner)) if interview.awaits_interviewer else None
    _brief(app, pages, stored)
    st.title(one_line(interview.scenario.title), anchor=False)
    turns.draw(interview.turns[:-1] if interview.is_finished else interview.turns, interview.scenario)
    if st.session_state.get(state.COUNTED) and interview.mode in WITH_HINTS and not interview.is_finished:
        _counted(app, interview)
    with st.bottom:
        wiring.show_problem()
        if interview.is_finished:
            _finished(app, pages, stored)
        else:
            _progress(app, interview)
            _actions(app, stored, live)
    if not interview.is_finished:
        _input(app, stored)
    if live:
        _watch(live)
    elif interview.awaits_interviewer:
        _interrupted(app, stored)


def _progress(app: App, interview: Interview) -> None:
    with st.container(horizontal=True, gap="medium"):
        st.caption(phase(interview), width="content")
        _clock(app, interview)


def phase(interview: Interview) -> str:
    """Where the interview stands, in words."""
    if interview.is_finished:
        return "Finished"
    if any(move.kind == "invite" for move in interview.moves):
        return "Anything to add?"
    asked = len(interview.probes)
    return f"Follow-up {asked} of at most {interview.max_probes}" if asked else "First answer"


def clock_in_words(interview: Interview, now: datetime) -> str:
    """The time that is left in a mock interview, or the time spent in practice. To the minute: nobody is hurried.

    Before the first answer a mock interview has time to think, which is not counted.
    """
    if interview.deadline is None:
        minutes = int((now - interview.started_at).total_seconds() // 60)
        return "Just started" if minutes < 1 else f"{minutes} min"
    thinking = THINKING_SECONDS - (now - interview.started_at).total_seconds()
    if thinking > 0 and not interview.answers:
        return f"Time to think: {int(thinking)} s, not counted"
    left = (interview.deadline - now).total_seconds()
    if left <= 0:
        return "Time is up: your next answer is the last"
    return "Less than a minute left" if left < 60 else f"{int(left // 60)} min left"


@st.fragment(run_every=CLOCK_SECONDS)
def _clock(app: App, interview: Interview) -> None:
    st.caption(f":material/schedule: {clock_in_words(interview, app.clock())}", width="content")


def _brief(app: App, pages: Pages, stored: StoredInterview) -> None:
    interview = stored.interview
    with st.sidebar:
        st.caption(f"{interview.mode.capitalize()} · {interview.level.capitalize()} level")
        with st.expander("The brief", expanded=bool(interview.answers)):
            st.markdown(authored(interview.scenario.question))
        if note := scenario_note(app, stored):
            st.caption(note)
        stories.beside(app, interview)
        scratchpad.draw(app, stored.id, open_for_answers=not interview.is_finished)
        if interview.mode in WITH_HINTS and not interview.is_finished:
            st.toggle("Show what counted so far", key=state.COUNTED, persist_state="session")
        wiring.engine_link(app, pages)
        used = spent_in_words(app.store.calls(owner=app.owner, id=stored.id))
        if used:
            st.caption(used)


def scenario_note(app: App, stored: StoredInterview) -> str:
    """What to say when the scenario is no longer what the interview began with; "" when it is."""
    now = app.scenario(stored.interview.scenario.id)
    if now is not None and app.scenario_hash(now) == stored.scenario_hash:
        return ""
    what = "changed" if now else "removed"
    return f"The scenario was {what} since this interview began. It goes on, and is graded, as it was then."


def spent_in_words(calls: Sequence[Call]) -> str:
    """What model calls took, in tokens and, where every price is known, in money; "" for none."""
    if not calls:
        return ""
    tokens = f"{sum(call.tokens for call in calls):,} tokens"
    costs = [call.dollars for call in calls if call.dollars is not None]
    if len(costs) < len(calls):
        return f"Model: {tokens}, price not known"
    return f"Model: {tokens}, about {in_dollars(sum(costs))}" if sum(costs) else f"Model: {tokens}, on this machine"


def _input(app: App, stored: StoredInterview) -> None:
    """Where the answer is typed. Without `max_chars`, which would cut a long answer instead of refusing it."""
    at = len(stored.interview.turns)
    state.turn_key(stored.id, at)
    if stored.interview.mode == "private":
        _composing(app, stored, at)
        return
    st.chat_input(
        "Your answer, or a question about the setting",
        key=state.ANSWER,
        submit_mode="disable",
        disabled=stored.interview.awaits_interviewer,
        on_submit=_submit,
        args=(app, stored.id, at),
    )


def _counted(app: App, interview: Interview) -> None:
    """The candidate's own sentences that carried something so far. Which points they carry is not said."""
    said = {sentence.number: sentence.text for sentence in interview.sentences()}
    coverage = app.matcher.match(interview.scenario, interview.sentences())
    carried = [match for match in coverage.matches if match.finding in ("covered", "partial") and match.sentences]
    with st.container(border=True, gap="xsmall"):
        if not carried:
            st.caption("Nothing that you said has counted so far, as the built-in coach reads it.")
            return
        st.caption(
            f"The built-in coach heard something on {wiring.counted(len(carried), 'point')} "
            f"of {len(interview.scenario.key_points)}:"
        )
        for text in dict.fromkeys(said[match.sentences[0]] for match in carried):
            st.markdown(f":small[“{one_line(text)}”]")


def _composing(app: App, stored: StoredInterview, at: int) -> None:
    """A large field for an answer that takes its time, in place of the line of a chat."""
    with st.form("composing", border=False):
        st.text_area(
            "Your answer, or a question about the setting",
            key=state.ANSWER,
            height=220,
            disabled=stored.interview.awaits_interviewer,
            placeholder="Take your time. Nothing counts before you send it.",
        )
        st.form_submit_button(
            "Send",
            type="primary",
            icon=":material/send:",
            disabled=stored.interview.awaits_interviewer,
            on_click=_send,
            args=(app, stored.id, at),
        )


def _send(app: App, id: str, at: int) -> None:
    _submit(app, id, at)
    if state.PROBLEM not in st.session_state:
        st.session_state[state.ANSWER] = ""


def _submit(app: App, id: str, at: int) -> None:
    """Have the answer stored before anything is drawn; what could not be stored goes back into the input."""
    text = st.session_state[state.ANSWER]
    key = state.turn_key(id, at)
    whole = scratchpad.with_answer(id, text)
    stored = wiring.attempt(
        lambda: app.worker.answer(
            id, whole, owner=app.owner, key=key, at=at, model=wiring.model(app), judge=wiring.model(app, judge=True)
        )
    )
    if stored:
        scratchpad.sent(id)
    else:
        st.session_state[state.ANSWER] = text


def _watch(live: Live) -> None:
    """Show the reply as it comes; the worker makes it, whether anybody watches or not."""
    name, avatar = turns.INTERVIEWER
    with st.chat_message(name, avatar=avatar):
        place = st.empty()
        for text in live.tail():
            if text:
                place.text(spoken(text))
            else:
                place.markdown(f":shimmer[{_not_yet(live)}]")
    st.rerun()


def _not_yet(live: Live) -> str:
    seconds = live.again_at - time.monotonic() if live.again_at is not None else 0.0
    return f"The model is busy. It is asked again in {math.ceil(seconds)} s." if seconds > 0 else "Thinking…"


def _interrupted(app: App, stored: StoredInterview) -> None:
    last = app.store.last_attempt(stored.id, owner=app.owner)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        if last and last.status == "failed" and last.error:
            st.markdown(f"{one_line(last.error)} Your answer is saved.")
        else:
            st.markdown("The last reply was interrupted. Your answer is saved.")
        st.button(
            "Continue",
            type="primary",
            icon=":material/refresh:",
            on_click=_resume,
            args=(app, stored.id),
        )


def _resume(app: App, id: str) -> None:
    wiring.attempt(
        lambda: app.worker.resume(id, owner=app.owner, model=wiring.model(app), judge=wiring.model(app, judge=True))
    )


def _actions(app: App, stored: StoredInterview, live: Live | None) -> None:
    """The hint and the way out, or the way to stop a reply; above the input, where a phone shows them too."""
    if st.session_state.get(state.ENDING) == stored.id:
        _confirm_end(app, stored)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if live:
            st.button(
                "Stop",
                icon=":material/stop:",
                type="tertiary",
                on_click=app.worker.stop,
                args=(stored.id,),
                kwargs={"owner": app.owner},
            )
            st.space("stretch")
        else:
            _hint(app, stored)
        st.button(
            "End interview",
            type="tertiary",
            icon=":material/flag:",
            on_click=st.session_state.__setitem__,
            args=(state.ENDING, stored.id),
        )


@st.fragment(run_every=CLOCK_SECONDS)
def _hint(app: App, stored: StoredInterview) -> None:
    """The next hint with its price. Drawn again as time passes, so a wait ends by itself."""
    offer = hint_offer(stored.interview, app.clock())
    if offer is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        asked = st.button(
            f"Hint {offer.level}: keeps {offer.price:.0%} of the credit",
            key="hint",
            icon=":material/lightbulb:",
            type="tertiary",
            disabled=bool(offer.wait) or stored.interview.awaits_interviewer,
            help="Points that this hint helps with earn that much of their credit afterwards; the others stay.",
            on_click=_give_hint,
            args=(app, stored.id),
        )
        if offer.wait:
            st.caption(offer.wait, width="content")
        elif silent_for_long(stored.interview, app.clock()):
            st.caption("No hurry. If you are stuck, there is a hint.", width="content")
    if asked:
        st.rerun()


def _give_hint(app: App, id: str) -> None:
    wiring.attempt(lambda: app.worker.hint(id, owner=app.owner))


def _confirm_end(app: App, stored: StoredInterview) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown("End the interview? It is graded on what you have said so far.")
        st.button("Keep going", on_click=st.session_state.pop, args=(state.ENDING, None))
        st.button("End and grade", type="primary", on_click=_end, args=(app, stored.id))


def _end(app: App, id: str) -> None:
    st.session_state.pop(state.ENDING, None)
    wiring.attempt(lambda: app.worker.finish(id, owner=app.owner, model=wiring.model(app, judge=True)))


def _finished(app: App, pages: Pages, stored: StoredInterview) -> None:
    with st.container(border=True):
        st.text(spoken(stored.interview.turns[-1].text))
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            st.radio(
                "Before you look: how do you think it went?",
                list(RATINGS),
                format_func=RATINGS.__getitem__,
                index=list(RATINGS).index(stored.self_rating) if stored.self_rating else None,
                horizontal=True,
                key=state.self_rating(stored.id),
                on_change=_rate,
                args=(app, stored.id),
            )
            more = chain.go_on(app, pages, stored)
            if st.button("See the report", type="secondary" if more else "primary", icon=":material/fact_check:"):
                st.switch_page(pages.report, query_params={state.INTERVIEW: stored.id})


def _rate(app: App, id: str) -> None:
    rating = st.session_state.get(state.self_rating(id))
    if rating:
        wiring.attempt(lambda: app.store.rate(id, rating, owner=app.owner))
