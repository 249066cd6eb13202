"""The fields of the editor: each keeps what was typed as soon as it is left, with what is wrong right under it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from interviewer.bootstrap import App, Checked
from interviewer.domain.manuscript import (
    KEY,
    Manuscript,
    Path,
    Problem,
    Values,
    as_lines,
    changed_by,
    field_of,
    lines_of,
    moved,
    put_back,
    with_entry,
    with_value,
    without_entry,
)
from interviewer.ui import state, wiring
from interviewer.ui.text import one_line, visible

Change = Callable[[Manuscript], Manuscript]
IN_PLAIN_WORDS = (
    (r"^is (missing|empty)$", "this is still empty"),
    (r"^none; say", "say"),
    (r"^is still the", "this is still the"),
    (r"^unknown key point .*", "it is about a key point that was removed; choose another one"),
    (r"^levels are missing;.*", "a reviewed scenario has three hints"),
    (r"\bphrasing(s?)\b", r"way\1 to say it"),
    (r"\bprobe(s?)\b", r"follow-up\1"),
    (r"^String should match pattern .*http.*", "an address begins with http:// or https://"),
    (r"a STAR frame", "the answer as a story"),
)


class Form(NamedTuple):
    """What is drawn: the manuscript, and its file with every problem."""

    app: App
    manuscript: Manuscript
    checked: Checked

    @property
    def values(self) -> Values:
        return self.manuscript.values

    def entries(self, name: str) -> list[Values]:
        return [entry for entry in self.values.get(name) or () if isinstance(entry, dict)]

    def at(self, path: Path) -> Any:
        """The value at this path; None when there is none."""
        value: Any = self.values
        for part in path:
            if isinstance(value, list):
                value = next((entry for entry in value if entry.get(KEY) == part), None)
            else:
                value = value.get(part) if isinstance(value, dict) else None
        return value

    def problems(self, path: Path, *, below: Sequence[str] | None = ()) -> list[Problem]:
        """What is to be said at this field. With `below` None also of everything in it; else of these fields of it."""
        field = field_of(self.values, path)
        return [problem for problem in self.checked.problems if _is_at(problem.field, field, below)]


def text(form: Form, label: str, path: Path, **options: Any) -> None:
    st.text_input(label, **_kept(form, path, str), **options)
    messages(form.problems(path, below=None))


def area(form: Form, label: str, path: Path, **options: Any) -> None:
    st.text_area(label, **_kept(form, path, str), **options)
    messages(form.problems(path, below=None))


def lines(form: Form, label: str, path: Path, **options: Any) -> None:
    """A list, one entry on each line."""
    shown: dict[str, Any] = {"height": 110, "placeholder": "One on each line"}
    st.text_area(label, **_kept(form, path, lines_of, as_lines), **{**shown, **options})
    messages(form.problems(path, below=None))


def number(form: Form, label: str, path: Path, **options: Any) -> None:
    kept = _kept(form, path, int, lambda value: value if isinstance(value, int) else options["min_value"])
    low, high = options["min_value"], options["max_value"]
    st.session_state[kept["key"]] = max(low, min(st.session_state[kept["key"]], high))
    st.number_input(label, **kept, **options)
    messages(form.problems(path, below=None))


def tick(form: Form, label: str, path: Path, **options: Any) -> None:
    st.checkbox(label, **_kept(form, path, bool, bool), **options)


def choice(form: Form, label: str, path: Path, options: Mapping[Any, str], *, otherwise: str, **more: Any) -> None:
    """One of these values, shown in words."""
    names = list(options)
    kept = _kept(form, path, str, lambda value: value if value in names else otherwise)
    st.selectbox(label, names, format_func=lambda name: _capital(options[name]), **kept, **more)
    messages(form.problems(path, below=None))


def several(
    form: Form, label: str, path: Path, options: Sequence[str], shown: Callable[[str], str] = visible, **more: Any
) -> None:
    """Any number of values; those that stand there stay among them, whatever the options are."""
    there = [str(item) for item in form.at(path) or ()]
    every = list(dict.fromkeys([*options, *there, *st.session_state.get(_name(form, path), ())]))
    kept = _kept(form, path, list, lambda value: [str(item) for item in value or ()])
    st.multiselect(label, every, format_func=shown, **kept, **more)
    messages(form.problems(path, below=None))


def targets(form: Form, label: str, path: Path, **more: Any) -> None:
    """Key points, by their number and beginning."""
    points = {str(point.get("id")): place for place, point in enumerate(form.entries("key_points"), 1)}
    texts = {str(point.get("id")): str(point.get("text") or "not written yet") for point in form.entries("key_points")}

    def shown(id: str) -> str:
        return visible(f"{points[id]}: {texts[id][:60]}") if id in points else "a point that was removed"

    several(form, label, path, list(points), shown, placeholder="Choose key points", **more)


def messages(problems: Sequence[Problem]) -> None:
    """Errors in red, and what would make it better in small print."""
    for problem in problems:
        said = one_line(sentence(problem.message))
        if problem.is_error:
            st.markdown(f":red[:material/error: {said}]")
        else:
            st.caption(f":material/edit_note: {said}")


def sentence(message: str) -> str:
    """A message of the loader in the words of the form."""
    for said, plain in IN_PLAIN_WORDS:
        message = re.sub(said, plain, message)
    return f"{_capital(message)}{'' if message.endswith(('.', '?', '!')) else '.'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_at(field: str, place: str, below: Sequence[str] | None) -> bool:
    inside = field.removeprefix(place)
    if field == place:
        return True
    if not field.startswith(place) or not inside.startswith(("[", ".")):
        return False
    return below is None or (inside.startswith(".") and inside[1:].partition("[")[0] in below)


def entry_head(form: Form, name: str, entry: Values, place: int, title: str) -> None:
    """What an entry of a list is, and how to move or remove it."""
    key, last = entry[KEY], len(form.entries(name)) - 1
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{title} {place + 1}**", width="stretch")
        if last:
            _step(form, "Up", "arrow_upward", name, key, -1, disabled=place == 0)
            _step(form, "Down", "arrow_downward", name, key, 1, disabled=place == last)
        st.button(
            "Remove",
            key=_name(form, (name, key, "remove")),
            type="tertiary",
            icon=":material/close:",
            on_click=apply,
            args=(form, lambda manuscript: without_entry(manuscript, name, key)),
        )


def add_button(form: Form, label: str, name: str, entry: Callable[[Values], Values]) -> None:
    """Adds an entry to a list; and, after one was removed from it, a way to have it back."""
    with st.container(horizontal=True):
        st.button(
            label,
            key=_name(form, (name, "add")),
            icon=":material/add:",
            on_click=apply,
            args=(form, changed_by(lambda values: with_entry(values, name, entry(values)))),
        )
        gone = form.manuscript.removed
        if gone and gone.name == name:
            st.button(
                "Put back what I removed",
                key=_name(form, (name, "back")),
                type="tertiary",
                icon=":material/undo:",
                on_click=apply,
                args=(form, put_back),
            )


def apply(form: Form, change: Change, *forgotten: Path) -> None:
    """Keep a change of the manuscript, in a callback. The widgets of these paths show what is there afterwards."""
    wiring.attempt(lambda: form.app.desk.change(form.manuscript.id, change))
    for path in forgotten:
        forget(form, path)


def forget(form: Form, path: Path) -> None:
    """Have the widget of this path show what stands in the manuscript, in a callback."""
    st.session_state.pop(_name(form, path), None)


def _step(form: Form, label: str, icon: str, name: str, key: str, by: int, *, disabled: bool) -> None:
    st.button(
        label,
        key=_name(form, (name, key, label)),
        type="tertiary",
        icon=f":material/{icon}:",
        disabled=disabled,
        on_click=apply,
        args=(form, changed_by(lambda values: moved(values, name, key, by))),
    )


def _name(form: Form, path: Path) -> str:
    return state.of_manuscript("/".join(path), form.manuscript.id, form.manuscript.base)


def _kept(
    form: Form,
    path: Path,
    read: Callable[[Any], object],
    show: Callable[[Any], object] = lambda value: str(value or ""),
) -> dict[str, Any]:
    """A widget that shows the value at this path and keeps it as soon as it is left."""
    key = _name(form, path)
    st.session_state.setdefault(key, show(form.at(path)))
    return {"key": key, "on_change": _keep, "args": (form, path, key, read)}


def _keep(form: Form, path: Path, key: str, read: Callable[[Any], object]) -> None:
    if key not in st.session_state:  # a button pressed at the same moment has given this field another value
        return
    value = read(st.session_state[key])
    apply(form, changed_by(lambda values: with_value(values, path, value)))
