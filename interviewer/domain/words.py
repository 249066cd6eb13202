"""Words and sentences of what was said: splitting that keeps every character, and what counts as an echo."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# A spoken transcript has no full stops: a run this long is cut at words that usually begin a new thought.
LONG_RUN_WORDS = 32
PIECE_AT_LEAST_WORDS = 10

_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+(?=[^\s])|\n+|(?<=;)\s+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|fig|cf|resp|incl|max|min)|\b[A-Z])\.$", re.IGNORECASE)
# Without a width: "\s+" before a look-ahead takes a minute on twenty thousand blanks.
_NEW_THOUGHT = re.compile(
    r"(?<=\s)(?=(?:so|and then|then|but|because|also|first|second|secondly|third|thirdly|next|finally|okay|ok|now|"
    r"and i|and we|and the|and if|and so|well|actually|basically|i would|i'd|we would|if|um|uh|like i said|plus)\b)",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"(?:[-*•>#]+(?:\s+|$))+")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKUP = re.compile(
    r"<\|[^|>]{0,40}\|>|\[/?INST\]|</?s>|<</?SYS>>|</?(?:system|user|assistant|tool|start|end)[^>]{0,20}>|<{3,}|>{3,}",
    re.I,
)
_PLAIN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:['’_.-][^\W_]+)*")

FUNCTION_WORDS = frozenset(
    "a an the and or but if so then than that this these those there here it its is are was were be been being am do "
    "does did done has have had having will would shall should can could may might must not no nor of in on at to for "
    "from by with about into over under between through during before after above below up down out off again once "
    "i you he she we they me him her us them my your his our their mine yours who whom which what when where why how "
    "all any both each few more most other some such only own same too very just also as because while until since "
    "per via like well okay ok um uh really actually basically maybe let lets get gets got go goes going one two "
    "i'd i'll i'm i've we'd we'll we're we've you'd it's that's don't doesn't isn't won't can't".split()
)


class Span(NamedTuple):
    """A verbatim piece of a text: `text == whole[start:end]`."""

    start: int
    end: int
    text: str


def sentences(text: str) -> list[Span]:
    """The sentences of `text`, verbatim and in order; blank ones are left out.

    Lines end sentences too, and a run of more than 32 words without a stop is cut where a new thought begins.
    """
    spans: list[Span] = []
    start = 0
    cuts = [match for match in _END.finditer(text) if not _ABBREVIATION.search(text[start : match.start()][-12:])]
    for end, following in [*((cut.start(), cut.end()) for cut in cuts), (len(text), len(text))]:
        spans.extend(_thoughts(text, start, end))
        start = following
    return spans


def words(text: str) -> list[str]:
    """The words of `text` in lower case. Product names such as z-order and user_id stay whole."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in order."""
    return [word for word in words(text) if word not in FUNCTION_WORDS]


def singular(word: str) -> str:
    """The word without the "s" of a plural. Rough: fit for comparing, not for showing."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def shared_run(text: str, other: str, length: int = 5) -> bool:
    """Whether `length` words in a row stand in both texts."""
    return not runs(text, length).isdisjoint(runs(other, length))


def echoes(sentence: str, heard: str) -> bool:
    """Whether `sentence` gives back what was `heard` and adds almost nothing: four of five content words are in it."""
    said = content_words(sentence)
    if not said:
        return True
    known = set(content_words(heard))
    return sum(word in known for word in said) / len(said) >= 0.8


def runs(text: str, length: int = 5) -> set[tuple[str, ...]]:
    """Every `length` words in a row."""
    said = words(text)
    return {tuple(said[i : i + length]) for i in range(len(said) - length + 1)}


def neutral(text: str) -> str:
    """The text as data for a model: one line, no hidden characters, no chat markers, no fences."""
    plain = " ".join(without_hidden(text).replace("```", "'''").split())
    while (cleaned := " ".join(_MARKUP.sub(" ", plain).split())) != plain:  # taking one out may join another
        plain = cleaned
    return plain


def without_hidden(text: str) -> str:
    """The text as it is seen: compatibility forms unified, characters without a shape left out."""
    return _HIDDEN.sub("", unicodedata.normalize("NFKC", text))


def names(text: str, term: str) -> bool:
    """Whether the text holds the term, in whatever case, with whatever hyphens, in the singular or plural."""
    return holds(unmarked(text), term)


def unmarked(text: str) -> str:
    """The words alone, in lower case, one blank between them."""
    return " ".join(_PLAIN.findall(text.casefold()))


def holds(words: str, term: str) -> bool:
    """As `names`, for a text that is `unmarked` already: for many terms in one text."""
    folded = unmarked(term)
    return bool(folded) and folded in words and bool(re.search(rf"\b{re.escape(folded)}(?:e?s)?\b", words))


def _thoughts(text: str, start: int, end: int) -> list[Span]:
    piece = _trimmed(text, start, end)
    if piece is None:
        return []
    if len(piece.text.split()) <= LONG_RUN_WORDS:
        return [piece]
    spans: list[Span] = []
    begin = piece.start
    for match in _NEW_THOUGHT.finditer(piece.text):
        cut = piece.start + match.start()
        if len(text[begin:cut].split()) >= PIECE_AT_LEAST_WORDS:
            spans.extend(filter(None, [_trimmed(text, begin, cut)]))
            begin = cut
    spans.extend(filter(None, [_trimmed(text, begin, piece.end)]))
    return spans


def _trimmed(text: str, start: int, end: int) -> Span | None:
    part = text[start:end]
    blank = len(part) - len(part.lstrip())
    mark = _LIST_MARK.match(part, blank)
    begin = mark.end() if mark else blank
    stripped = part[begin:].rstrip()
    return Span(start + begin, start + begin + len(stripped), stripped) if stripped else None
