"""Markdown collections -> questions: scenario headings in their many shapes, "Q:/A:" pairs, headings that ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from interviewer.adapters.packs.found import FollowUp, Found, Page, difficulty_in, technologies_of, without_copies
from interviewer.domain.scenario import Difficulty
from interviewer.errors import FileProblem

Section = Literal["question", "context", "diagnosis", "answer", "follow-up", "technologies", "extra"]

# What a heading or a bold label begins with, in lower case and without emoji. The first that fits counts.
_SECTIONS: tuple[tuple[str, Section], ...] = (
    ("interview question", "question"),
    ("question", "question"),
    ("problem", "question"),
    ("context", "context"),
    ("background", "context"),
    ("what's happening", "diagnosis"),
    ("what’s happening", "diagnosis"),
    ("diagnosis", "diagnosis"),
    ("hard truth", "diagnosis"),
    ("root cause", "diagnosis"),
    ("solution", "answer"),
    ("answer", "answer"),
    ("strategy", "answer"),
    ("follow-up", "follow-up"),
    ("follow up", "follow-up"),
    ("technolog", "technologies"),
    ("tech stack", "technologies"),
)
_SHORT_NAMES: dict[str, Section] = {"q": "question", "a": "answer"}
_ORDER: tuple[Section, ...] = ("technologies", "question", "context", "diagnosis", "answer", "follow-up", "extra")

_RANGE = re.compile(r"Scenarios?\s+#?\d+\s*(?:-|–|—|to)\s*\d+\s*:?\s*(.*)", re.IGNORECASE)
_SCENARIO = re.compile(r"Scenario\s+#?(\d{1,6})\s*[:.\-–—]\s*(.+)", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_BOLD_LINE = re.compile(r"\*\*([^*]+)\*\*")
_LABEL = re.compile(r"(?:[-*+]\s+)?(\*{1,2})([^*\n]{1,60}?)(?::\1|\1:)\s*(.*)")
_PLAIN_LABEL = re.compile(r"(?:[-*+]\s+)?(Q|A|Question|Answer)\s*\d{0,4}\s*[:.)]\s+(.*)", re.IGNORECASE)
_NAVIGATION = re.compile(r"\W*(?:previous|next|back to|home)\b[^\n]*\]\(", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*")
_FENCE = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})(.*)")
_CODE = re.compile(r"`([^`]+)`")
_PICTURE = re.compile("^[^\\w`*\"'“(\\[]+|[\U0001f000-\U0001ffff\u2600-\u27bf\ufe0f\u200d]+")
_FOLLOW_UP = re.compile(r"(?:\d+[.)]|[-*+])?\s*\*\*[\"“]?(.+?)[\"”]?\*\*:?\s*(.*)")
_QUOTES = (('*"', '"*'), ("*“", "”*"), ('"', '"'), ("“", "”"), ("**", "**"), ("*", "*"), ("_", "_"))


class Line(NamedTuple):
    """A line of the page; `code` when it stands in a fenced block, whose marks count too."""

    number: int
    text: str
    code: bool


@dataclass
class _Block:
    """A scenario while it is read."""

    line: int
    title: str = ""
    number: int | None = None
    group: str = ""
    difficulty: Difficulty | None = None
    sections: dict[Section, list[str]] = field(default_factory=dict)
    section: Section | None = None
    by_heading: bool = False

    def open(self, section: Section, *, by_heading: bool) -> None:
        self.section, self.by_heading = section, by_heading
        self.sections.setdefault(section, [])

    def add(self, text: str) -> None:
        if self.section is None and text.strip():
            self.open("question", by_heading=False)
        if self.section is not None:
            self.sections[self.section].append(text)

    @property
    def in_quote(self) -> bool:
        """Whether the question has begun with a quotation mark that is still open."""
        if self.section != "question":
            return False
        lines = self.sections["question"]
        first = next((line for line in lines if line.strip()), "").strip()
        last = next((line for line in reversed(lines) if line.strip()), "").strip()
        ends = {'*"': '"*', "*“": "”*"}.get(first[:2])
        return ends is not None and not (last.endswith(ends) and (len(last) > 3 or len(lines) > 1))


def read_markdown(text: str, file: str) -> Page:
    """Every question of the page. `file` names it in warnings and may name the difficulty."""
    lines = list(numbered(text))
    if any(_start_of(line) for line in lines):
        return _Reader(file).read(lines)
    asked = _pairs(lines) or _asking_headings(lines)
    difficulty = difficulty_in(file)
    found = [item if item.difficulty else item._replace(difficulty=difficulty) for item in asked]
    return without_copies(found, file)


def numbered(text: str) -> Iterator[Line]:
    """The lines with their numbers, and whether they stand in a fenced block."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        mark = _FENCE.match(line)
        if fence:
            yield Line(number, line, True)
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        else:
            fence = mark[1] if mark else ""
            yield Line(number, line, bool(fence))


class _Start(NamedTuple):
    number: int
    title: str


def _start_of(line: Line) -> _Start | None:
    """The scenario that begins on this line: by a heading, or by a line in bold."""
    if line.code:
        return None
    heading = _HEADING.fullmatch(line.text)
    bold = None if heading else _BOLD_LINE.fullmatch(line.text.strip())
    text = plain(heading[2] if heading else bold[1] if bold else "")
    found = None if _RANGE.match(text) else _SCENARIO.fullmatch(text)
    return _Start(int(found[1]), " ".join(found[2].strip("* ").split())) if found else None


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._difficulty = difficulty_in(file)
        self._group = ""
        self._block: _Block | None = None
        self._over = False
        self._stray = 0
        self._found: list[Found] = []
        self._warnings: list[FileProblem] = []

    def read(self, lines: list[Line]) -> Page:
        for line in lines:
            self._take(line)
        self._close()
        page = without_copies(self._found, self._file)
        return Page(page.found, tuple(sorted((*self._warnings, *page.warnings), key=lambda warning: warning.line)))

    def _take(self, line: Line) -> None:
        start = _start_of(line)
        if start:
            self._close()
            self._block = _Block(line.number, start.title, start.number, self._group, self._difficulty)
        elif line.code:
            self._keep(line)
        elif heading := _HEADING.fullmatch(line.text):
            self._heading(line, len(heading[1]), heading[2])
        elif _RULE.fullmatch(line.text) or _NAVIGATION.match(line.text):
            self._over = True
        else:
            self._labelled(line)

    def _heading(self, line: Line, depth: int, text: str) -> None:
        name = plain(text)
        section = _section(name)
        if depth <= 2 and section is None:
            self._close()
            grouping = _RANGE.match(name)
            if grouping:
                self._group = grouping[1].strip()
            self._difficulty = difficulty_in(name) or self._difficulty
            return
        if self._block is None:
            return
        if section is not None and (not self._over or section not in self._block.sections):
            self._over = False
            self._block.open(section, by_heading=True)
            rest = name.partition("(")[2].rstrip(") ")
            if rest and section in ("answer", "diagnosis"):
                self._block.add(f"**{rest}:**")
        elif self._over:
            self._keep(line)
        else:
            self._warn(line.number, f"unknown section '{name[:60]}'; its text is kept with the reference")
            self._block.open("extra", by_heading=True)
            self._block.add(f"**{name}**")

    def _labelled(self, line: Line) -> None:
        block = self._block
        label = _LABEL.fullmatch(line.text.strip())
        section = _section(plain(label[2])) if label else None
        if block is None or label is None or section is None or self._over or not self._may_open(block, section):
            self._keep(line)
            return
        if section == block.section:
            block.add(f"**{label[2]}:** {label[3]}")
            return
        block.open(section, by_heading=False)
        block.add(label[3])

    def _may_open(self, block: _Block, section: Section) -> bool:
        """Labels open sections where the page uses labels; under a heading they belong to its text."""
        if block.in_quote:
            return False
        if block.section is None or not block.by_heading:
            past = block.section in ("answer", "follow-up") and _ORDER.index(section) < _ORDER.index("diagnosis")
            return not past
        return block.section == "question" and section in ("diagnosis", "answer", "follow-up")

    def _keep(self, line: Line) -> None:
        if self._block is not None and not self._over:
            self._block.add(line.text)
        elif line.text.strip() and self._found_any and not self._stray and not _NAVIGATION.match(line.text):
            self._stray = line.number

    @property
    def _found_any(self) -> bool:
        return bool(self._found) or self._block is not None

    def _close(self) -> None:
        """The scenario so far is complete; text after it belongs to none."""
        if self._stray:
            self._warn(self._stray, "text from here on belongs to no scenario and was left out")
        block, self._block, self._over, self._stray = self._block, None, False, 0
        if block is None:
            return
        found = self._as_found(block)
        if found is None:
            self._warn(block.line, f"'{block.title[:80]}' has no question; left out")
        else:
            self._found.append(found)

    def _as_found(self, block: _Block) -> Found | None:
        texts = {section: body(lines) for section, lines in block.sections.items()}
        question, context = question_of(texts.get("question", "")), texts.get("context", "")
        if not question:
            question, context = context, ""
        names, loose = _technologies(texts.get("technologies", ""))
        if loose:
            self._warn(block.line, f"'{loose}' in the technologies stands outside the code marks; check it")
        if not question:
            # A heading that stands alone says what there is, and nothing to ask.
            return None
        return Found(
            question=question,
            line=block.line,
            title=block.title,
            answer=texts.get("answer", ""),
            context=context,
            diagnosis=texts.get("diagnosis", ""),
            extra=texts.get("extra", ""),
            follow_ups=follow_ups_of(texts.get("follow-up", "")),
            technologies=names,
            difficulty=block.difficulty,
            number=block.number,
            group=block.group,
        )

    def _warn(self, line: int, message: str) -> None:
        self._warnings.append(FileProblem(self._file, line, "", message))


def plain(text: str) -> str:
    """A heading or label without pictures, emphasis and doubled blanks."""
    return " ".join(_PICTURE.sub(" ", text).replace("**", " ").replace("`", "").split())


def body(lines: list[str]) -> str:
    """The lines of a section without blank ones around them."""
    return "\n".join(line.rstrip() for line in lines).strip("\n").rstrip()


def question_of(text: str) -> str:
    """The question without the quotation marks and emphasis around it; bold labels begin a paragraph."""
    asked = text.strip()
    for opening, ending in _QUOTES:
        inner = asked[len(opening) : -len(ending)]
        if asked.startswith(opening) and asked.endswith(ending) and len(asked) > len(opening + ending):
            if opening.endswith(('"', "“")) or opening not in inner:
                asked = inner.strip()
            break
    lines: list[str] = []
    for line in asked.split("\n"):
        if line.startswith("**") and lines and lines[-1].strip():
            lines.append("")
        lines.append(line.rstrip())
    return "\n".join(lines).strip()


def follow_ups_of(text: str) -> tuple[FollowUp, ...]:
    """Questions in bold or in quotation marks, numbered or not, each with the indented text under it as its answer."""
    pairs: list[tuple[str, list[str]]] = []
    for line in numbered(text):
        asked = None if line.code else _FOLLOW_UP.fullmatch(line.text.strip())
        item = None if line.code else re.fullmatch(r"(?:\d+[.)]|[-*+])\s+[\"“]?(.+?\?)[\"”]?", line.text.strip())
        if asked and not line.text.startswith((" ", "\t")):
            pairs.append((asked[1], [asked[2]]))
        elif item and not line.text.startswith((" ", "\t")):
            pairs.append((item[1], []))
        elif pairs:
            pairs[-1][1].append(re.sub(r"^\s*[-*+]\s+", "", line.text))
        elif line.text.strip():
            pairs.append((question_of(line.text), []))
    return tuple(FollowUp(" ".join(question.split()), body(answer)) for question, answer in pairs)


def _section(name: str) -> Section | None:
    folded = name.casefold()
    if folded in _SHORT_NAMES:
        return _SHORT_NAMES[folded]
    return next((section for prefix, section in _SECTIONS if folded.startswith(prefix)), None)


def _technologies(text: str) -> tuple[tuple[str, ...], str]:
    """The names in code marks or between commas, and what stands outside the marks."""
    if "`" not in text:
        return technologies_of(re.split(r"[,;|·\n]", text)), ""
    loose = " ".join(_CODE.sub(" ", text).split()).strip("`,;|· ")
    return technologies_of([*_CODE.findall(text), *([loose] if loose else [])]), loose


def _pairs(lines: list[Line]) -> list[Found]:
    """Questions and answers that are marked "Q:" and "A:", with or without emphasis."""
    found: list[Found] = []
    asked: list[str] = []
    said: list[str] = []
    into, start = None, 0

    def finish() -> None:
        if body(asked).strip() and body(said).strip():
            found.append(Found(question_of(body(asked)), start, answer=body(said)))

    for line in lines:
        section, rest = (None, "") if line.code else _pair_label(line.text)
        if section == "question" or (not line.code and (_RULE.fullmatch(line.text) or _HEADING.fullmatch(line.text))):
            finish()
            asked, said, start = [], [], line.number
            into = asked if section == "question" else None
            if into is not None:
                into.append(rest)
        elif section == "answer" and asked:
            into = said
            into.append(rest)
        elif into is not None:
            into.append(line.text)
    finish()
    return found


def _pair_label(text: str) -> tuple[Section | None, str]:
    heading = _HEADING.fullmatch(text)
    line = heading[2] if heading else text.strip()
    label = _LABEL.fullmatch(line)
    if label and (section := _section(re.sub(r"\W*\d+$", "", plain(label[2])))) in ("question", "answer"):
        return section, label[3]
    short = _PLAIN_LABEL.fullmatch(line.replace("**", ""))
    if short:
        return ("question" if short[1].casefold().startswith("q") else "answer"), short[2]
    return None, ""


def _asking_headings(lines: list[Line]) -> list[Found]:
    """Headings, or lines in bold, that end with a question mark, with the text below as the answer."""
    found: list[Found] = []
    question, start, said = "", 0, list[str]()
    for line in [*lines, Line(len(lines) + 1, "# end", False)]:
        heading = None if line.code else _HEADING.fullmatch(line.text)
        bold = None if line.code or heading else _BOLD_LINE.fullmatch(line.text.strip())
        asked = plain((heading[2] if heading else "") or (bold[1] if bold else ""))
        if heading or asked.endswith("?"):
            if question:
                found.append(Found(question, start, answer=body(said)))
            question, start, said = "", line.number, []
            if asked.endswith("?"):
                question = re.sub(r"^(?:Q(?:uestion)?\s*)?\d+\s*[.:)]\s*", "", asked)
        elif not (not line.code and _RULE.fullmatch(line.text)):
            said.append(line.text)
    return found
