"""What somebody typed, drawn as they meant it: text as text, fenced code as code, fenced mermaid as a diagram."""

from __future__ import annotations

import re
from typing import NamedTuple

import streamlit as st

from interviewer.ui.text import visible

DIAGRAM_CHARACTERS = 5000  # a longer one is shown as code: drawing it could hold up the browser

_FENCE = re.compile(r"^```[ \t]*([\w+#-]{0,20})[ \t]*\n(.*?)(?:^```[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)


class Piece(NamedTuple):
    """A part of what was typed. `language` is None for plain text, and "" for code that does not say what it is."""

    text: str
    language: str | None = None


def pieces(text: str) -> list[Piece]:
    """The parts in order, without blank ones. A fence that is never closed goes to the end."""
    found: list[Piece] = []
    start = 0
    for match in _FENCE.finditer(text):
        found += [Piece(text[start : match.start()].strip("\n")), Piece(match[2].rstrip("\n"), match[1].lower())]
        start = match.end()
    found.append(Piece(text[start:].strip("\n")))
    return [piece for piece in found if piece.text.strip()]


def draw(text: str) -> None:
    for piece in pieces(visible(text)):
        if piece.language is None:
            st.text(piece.text)
        elif piece.language == "mermaid" and len(piece.text) <= DIAGRAM_CHARACTERS:
            st.mermaid_chart(piece.text)
        else:
            st.code(piece.text, language=piece.language or None, wrap_lines=True)
