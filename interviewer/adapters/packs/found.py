"""What every reader of a collection gives: questions as they were found, each with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from interviewer.domain.scenario import Difficulty
from interviewer.errors import FileProblem


class FollowUp(NamedTuple):
    """A further question, and the answer to it; "" when the source gives none."""

    question: str
    answer: str = ""


class Found(NamedTuple):
    """One question as it stands in a source. Texts are Markdown; what the source does not say is empty.

    `number` is the source's own, `group` the title of the part of the source in which it stands. `extra` is text under
    headings that mean nothing to us. `line` counts from 1.
    """

    question: str
    line: int
    title: str = ""
    answer: str = ""
    context: str = ""
    diagnosis: str = ""
    extra: str = ""
    follow_ups: tuple[FollowUp, ...] = ()
    technologies: tuple[str, ...] = ()
    difficulty: Difficulty | None = None
    number: int | None = None
    group: str = ""

    @property
    def size(self) -> int:
        """Characters of the body: of two copies the longer one is kept."""
        pairs = "".join(text for pair in self.follow_ups for text in pair)
        return sum(map(len, (self.question, self.answer, self.diagnosis, self.context, self.extra, pairs)))

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when what is said changes, and not when it is wrapped differently."""
        parts = (
            self.title,
            self.question,
            self.context,
            self.diagnosis,
            self.answer,
            self.extra,
            *(text for pair in self.follow_ups for text in pair),
            *self.technologies,
            self.difficulty or "",
        )
        plain = "\n".join(" ".join(part.split()) for part in parts)
        return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Page(NamedTuple):
    """What was found in one source, and what should be looked at there."""

    found: tuple[Found, ...]
    warnings: tuple[FileProblem, ...] = ()


DIFFICULTIES: dict[str, Difficulty] = {"easy": "easy", "medium": "medium", "hard": "hard"}
_MARKS: dict[str, Difficulty] = {"🟢": "easy", "🟡": "medium", "🔴": "hard"}
_OTHER_NAMES: dict[str, Difficulty] = {
    "beginner": "easy",
    "junior": "easy",
    "basic": "easy",
    "intermediate": "medium",
    "mid": "medium",
    "advanced": "hard",
    "expert": "hard",
    "senior": "hard",
    "difficult": "hard",
}


def difficulty_in(text: str) -> Difficulty | None:
    """The difficulty that a heading, a file name or a field names; None when it names none, or more than one."""
    words = "".join(letter if letter.isalpha() else " " for letter in text.casefold()).split()
    named = {DIFFICULTIES[word] for word in words if word in DIFFICULTIES}
    named |= {level for mark, level in _MARKS.items() if mark in text}
    return next(iter(named)) if len(named) == 1 else None


def difficulty_of(field: str) -> Difficulty | None:
    """The difficulty that a field holding nothing else names, in whichever of the usual words."""
    return difficulty_in(field) or _OTHER_NAMES.get(field.strip().casefold())


def technologies_of(names: Iterable[object]) -> tuple[str, ...]:
    """Names of technologies, each once and short enough for a tag."""
    plain = (" ".join(str(name).split()).strip("`*_,;|· ") for name in names)
    return tuple(dict.fromkeys(name for name in plain if 0 < len(name) <= 40))[:20]


def without_copies(found: Sequence[Found], file: str) -> Page:
    """Of blocks with the same number and title the one that says most; what was dropped, or looks odd, is a warning."""
    kept: dict[tuple[Difficulty | None, int | None, str], Found] = {}
    titles: dict[tuple[Difficulty | None, int], str] = {}
    warnings: list[FileProblem] = []
    for item in found:
        name = item.title or item.question
        key = (item.difficulty, item.number, " ".join(name.casefold().split()))
        other = kept.get(key)
        if other is not None:
            better, worse = (item, other) if item.size > other.size else (other, item)
            if better.digest != worse.digest:
                text = f"stands twice; the one on line {better.line}, which says more, is used"
                warnings.append(FileProblem(file, worse.line, "", f"'{name[:80]}' {text}"))
            else:
                warnings.append(FileProblem(file, worse.line, "", f"'{name[:80]}' stands twice; one copy is used"))
            kept[key] = better
            continue
        if item.number is not None:
            before = titles.setdefault((item.difficulty, item.number), name)
            if before != name:
                text = f"the number {item.number} is used twice ('{before[:60]}' and '{name[:60]}'); both are kept"
                warnings.append(FileProblem(file, item.line, "", text))
        kept[key] = item
    return Page(tuple(kept.values()), tuple(warnings))
