"""Key points from an answer by rule: its list items or sentences, word for word, all of the same weight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from interviewer.domain.scenario import KEY_POINTS, Dimension, KeyPoint
from interviewer.domain.words import content_words, sentences, words

PART_WORDS = 3  # a part with fewer says too little to be recognised, unless two of them carry meaning
PARTS_AT_MOST = 100  # before neighbours are joined
PHRASINGS_AT_MOST = 4

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d+[.)])\s+(.*)")
_COMMENT = re.compile(r"\s*(?:#|//|--)+\s*(\S.*)")
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`+|^\s*(?:#{1,6}|>)\s+")
_NUMBERED_LABEL = re.compile(r"^\d+[.)]\s+")


class Item(NamedTuple):
    """One thing that an answer says: a list item with what belongs to it, or a paragraph."""

    text: str
    dimension: Dimension = "solution"


def items_of(answer: str, dimension: Dimension = "solution") -> list[Item]:
    """The list items and paragraphs of a Markdown text, without markup and code.

    Of a block of code only the comments count, and only when a label, or nothing at all, stands before it.
    """
    return [Item(text, dimension) for text in _texts(answer) if _says_enough(text)]


def drafted_points(id: str, items: Sequence[Item]) -> tuple[KeyPoint, ...]:
    """At most seven key points with ids "ID.1" and on, weights that sum to 100, and each part as a phrasing of its own.

    Long items are cut into sentences as long as there are fewer than four points; of many items neighbours are joined.
    """
    groups = _joined(_cut(items))
    weights = equal_weights(len(groups)) if groups else []
    return tuple(
        KeyPoint(
            id=f"{id}.{number}",
            weight=weight,
            dimension=group[0].dimension,
            text=" ".join(_stopped(item.text) for item in group) if len(group) > 1 else group[0].text,
            phrasings=tuple(item.text for item in group[:PHRASINGS_AT_MOST]),
        )
        for number, (group, weight) in enumerate(zip(groups, weights, strict=True), 1)
    )


def equal_weights(count: int) -> list[int]:
    """`count` whole weights that sum to 100 and differ by at most one: the largest remainders come first."""
    share, left = divmod(100, count)
    return [share + (position < left) for position in range(count)]


def bare(text: str) -> str:
    """The words of a piece of Markdown on one line: no emphasis, no code marks, of a link its text."""
    return " ".join(_EMPHASIS.sub("", _LINK.sub(r"\1", text)).split())


def _texts(answer: str) -> Iterator[str]:
    """Blocks in order. What is indented under a list item belongs to it; a label before a list only announces it."""
    block: list[str] = []
    comments: list[str] = []
    fence = ""
    for line in [*answer.splitlines(), ""]:
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
                block += comments if not block or _is_label(block) else []
            elif comment := _COMMENT.match(line):
                comments.append(_stopped(comment[1]))
        elif mark:
            fence, comments = mark[1], []
        elif (item := _ITEM.match(line)) and item[1] and block:
            block.append(item[2])
        elif item:
            if not _is_label(block):
                yield from _told(block)
            block = [item[2]]
        elif line.strip():
            if _begins_with_label(line):
                yield from _told(block)
                block = []
            block.append(line.strip())
        elif not _is_label(block):
            yield from _told(block)
            block = []
    yield from _told(block)


def _told(lines: Sequence[str]) -> Iterator[str]:
    text = _NUMBERED_LABEL.sub("", bare(" ".join(lines)))
    if text:
        yield text


def _begins_with_label(line: str) -> bool:
    return bool(re.match(r"\*\*[^*]+?(?::\*\*|\*\*:)", line.strip()))


def _is_label(block: Sequence[str]) -> bool:
    """Whether the text only announces what follows: "**Fix:**", "There are three ways:"."""
    return len(block) == 1 and bool(re.fullmatch(r"[^.]{1,80}:\**|\*\*[^*]{1,80}\*\*:?", block[0].strip()))


def _cut(items: Sequence[Item]) -> list[Item]:
    """As many items as there are, or sentences of the longest ones until there are enough points."""
    parts = [[item] for item in items]
    while sum(map(len, parts)) < KEY_POINTS.start:
        longest = max(
            (index for index, group in enumerate(parts) if len(group) == 1 and len(_sentences(group[0])) > 1),
            key=lambda index: len(parts[index][0].text),
            default=None,
        )
        if longest is None:
            break
        parts[longest] = _sentences(parts[longest][0])
    return [item for group in parts for item in group]


def _sentences(item: Item) -> list[Item]:
    """Its sentences; one that says too little, or goes on in lower case, stays with the one before."""
    texts: list[str] = []
    for span in sentences(item.text):
        if texts and (not _says_enough(span.text) or span.text[0].islower()):
            texts[-1] = f"{texts[-1]} {span.text}"
        else:
            texts.append(span.text)
    return [Item(text, item.dimension) for text in texts]


def _joined(items: Sequence[Item]) -> list[list[Item]]:
    """At most seven groups of neighbours. The two shortest come together, rather of one dimension than of two."""
    size = -(-len(items) // PARTS_AT_MOST)
    groups = [list(items[start : start + size]) for start in range(0, len(items), size or 1)]
    most = KEY_POINTS.stop - 1
    while len(groups) > most:
        sizes = [sum(len(item.text) for item in group) for group in groups]
        kinds = [group[0].dimension for group in groups]
        best = min(range(len(groups) - 1), key=lambda at: (kinds[at] != kinds[at + 1], sizes[at] + sizes[at + 1]))
        groups[best : best + 2] = [groups[best] + groups[best + 1]]
    return groups


def _says_enough(text: str) -> bool:
    return len(content_words(text)) > 1 or (len(words(text)) >= PART_WORDS and bool(content_words(text)))


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":", ";", "…")) else f"{text}."
