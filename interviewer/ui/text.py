"""Words of people and models made safe to draw: nothing in them is taken for markup, a link or an image."""

from __future__ import annotations

import re

WORD_JOINER = "\u2060"  # without width; splits what Streamlit would replace after parsing, such as :smile: and ->

_HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_JOINED = re.compile(r"(\\[:@<>~=-])")
_WEB = re.compile(r"\b(www)(?=\\\.)", re.IGNORECASE)
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
_OPENING = re.compile(r"(?<!\\)((?:\\\\)*)([$<\[])")  # one that is escaped already stays so
_DIRECTIVE = re.compile(r":(?=[\w\[:/])")


def visible(text: str) -> str:
    """The text without control characters and without characters that change its direction. For st.text."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def spoken(text: str) -> str:
    """What a model or a file has the interviewer say, for st.text: images leave only their description."""
    return _without_images(visible(text))


def escaped(text: str) -> str:
    """Markdown that shows `text` as it was typed, with its line breaks."""
    lines = [_escaped_line(line) for line in visible(text).split("\n")]
    return "\n".join(f"{line}  " if line and following else line for line, following in _with_next(lines)).rstrip()


def one_line(text: str) -> str:
    """Markdown that shows `text` as it was typed, on one line. Fit for labels and inside a coloured passage."""
    return _escaped_line(" ".join(visible(text).split()))


def authored(text: str) -> str:
    """Markdown from a scenario file: code, emphasis and lists are kept; images, links, HTML and directives are not."""
    parts = _CODE.split(_without_images(visible(text)))
    return "".join(
        part if index % 2 else _DIRECTIVE.sub(f":{WORD_JOINER}", _OPENING.sub(r"\1\\\2", part))
        for index, part in enumerate(parts)
    )


def without_markup(text: str) -> str:
    """The plain words of a scenario's Markdown: no code marks, no emphasis, one line."""
    return " ".join(re.sub(r"`|\*\*|^#+ ", "", spoken(text), flags=re.MULTILINE).split())


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut after a sentence where one ends in time, else after a word."""
    whole = " ".join(text.split())
    if len(whole) <= limit:
        return whole
    cut = whole[: limit + 1]
    stop = max(cut.rfind(mark) for mark in (". ", "? ", "! "))
    if stop >= limit // 2:
        return cut[: stop + 1]
    return cut[: max(cut.rfind(" "), 1)].rstrip(" ,;:.") + "…"


def _without_images(text: str) -> str:
    """The text with descriptions in place of images. What is left may be an image in turn, until nothing is."""
    while (without := _IMAGE.sub(r"\1", text)) != text:
        text = without
    return text


def _escaped_line(line: str) -> str:
    indent = len(line) - len(line.lstrip())
    body = _PUNCTUATION.sub(r"\\\1", line.strip())
    body = re.sub(r"^(\d+)(?=\\[.)])", rf"\1{WORD_JOINER}", body)
    return "\u00a0" * indent + _WEB.sub(rf"\1{WORD_JOINER}", _JOINED.sub(rf"\1{WORD_JOINER}", body))


def _with_next(lines: list[str]) -> list[tuple[str, str]]:
    return list(zip(lines, [*lines[1:], ""], strict=True))
