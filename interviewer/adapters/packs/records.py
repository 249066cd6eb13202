"""JSON, JSON Lines, YAML, CSV and card exports -> questions: records whose fields go by many names."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from interviewer.adapters.packs.found import FollowUp, Found, Page, difficulty_in, difficulty_of, technologies_of
from interviewer.adapters.packs.found import without_copies as distinct
from interviewer.adapters.packs.markdown import question_of
from interviewer.adapters.plain_yaml import Lines, YamlProblem, read_yaml
from interviewer.errors import FileProblem

RECORDS = 2_000
NODES = 100_000
FIELD_CHARACTERS = 100_000

# The names by which a field goes, in lower case without "_" and "-"; the first that is there counts.
_NAMES = {
    "title": ("title", "name", "topic", "heading"),
    "question": ("question", "interviewquestion", "prompt", "front", "q", "ask", "problem"),
    "answer": ("answer", "solution", "referenceanswer", "reference", "back", "a", "response", "explanation"),
    "context": ("context", "background", "setting"),
    "diagnosis": ("diagnosis", "whatshappening", "rootcause"),
    "technologies": ("technologies", "techstack", "tech", "tools", "tags", "skills"),
    "difficulty": ("difficulty", "level", "seniority"),
    "number": ("number", "no", "id"),
    "follow_ups": ("followups", "followup", "followupquestions"),
}
_LISTS = ("scenarios", "questions", "items", "cards", "notes", "data", "entries")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_CLOZE = re.compile(r"\{\{c\d+::")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d{1,5});")
_HTML = re.compile(r"</?(?:br|p|div|li|ul|ol|b|i|strong|em|code|pre|span|img)\b", re.IGNORECASE)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/ul|/ol|hr)\b[^<>]*>", re.IGNORECASE)
_BULLET = re.compile(r"<\s*li\b[^<>]*>", re.IGNORECASE)


class Unreadable(Exception):
    """The file as a whole is no list of records; says on which line and why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


class _Record(NamedTuple):
    line: int
    fields: Mapping[str, Any]


def read_json(text: str, file: str) -> Page:
    """The records of a JSON file: a list, an object with a list, or an object of questions with their answers."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise Unreadable(1, "is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Unreadable(error.lineno, f"is not valid JSON: {error.msg}") from None
    except ValueError as error:  # a number of many thousand digits
        raise Unreadable(1, f"is not usable JSON: {error}") from None
    return _page(_located(value, _item_lines(text)), file)


def read_json_lines(text: str, file: str) -> Page:
    """One JSON object a line; a line that is none is a warning."""
    records: list[_Record] = []
    bad: list[FileProblem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            records.append(_Record(number, value))
        else:
            bad.append(FileProblem(file, number, "", "is not a JSON object; left out"))
    page = _page(records, file)
    return Page(page.found, tuple(sorted((*bad, *page.warnings), key=lambda warning: warning.line)))


def read_yaml_records(text: str, file: str) -> Page:
    """The same shapes as JSON, written as YAML."""
    try:
        value, lines = read_yaml(text, most_nodes=NODES, most_items=RECORDS)
    except YamlProblem as problem:
        raise Unreadable(problem.line, f"{problem.field}: {problem.message}".removeprefix(": ")) from None
    return _page(_located(value, _yaml_lines(lines)), file)


def read_table(text: str, file: str) -> Page:
    """CSV with named columns, or two columns of questions and answers as card programs export them."""
    settings, rows = _rows(text, file)
    if not rows:
        return Page(())
    names = [_folded(cell) for cell in rows[0][1]]
    known = {name for names in _NAMES.values() for name in names}
    if any(name in _NAMES["question"] for name in names) and sum(name in known for name in names) >= min(2, len(names)):
        records = [_Record(line, dict(zip(rows[0][1], cells, strict=False))) for line, cells in rows[1:]]
    else:
        special = {int(value) - 1: name for name, value in settings.items() if re.fullmatch(r"\d{1,2}", value)}
        records = []
        for line, cells in rows:
            plain = [cell for place, cell in enumerate(cells) if place not in special]
            tags = [cell for place, cell in enumerate(cells) if special.get(place) == "tags column"]
            records.append(_Record(line, {**dict(zip(("front", "back"), plain, strict=False)), "tags": " ".join(tags)}))
    return _page(records, file)


def looks_like_cards(text: str) -> bool:
    """Whether a .txt file is an export of cards: it says so at its top, or nearly every line has one tab."""
    if text.startswith("#separator:"):
        return True
    lines = [line for line in text.split("\n")[:200] if line.strip()]
    return len(lines) > 0 and sum(line.count("\t") >= 1 for line in lines) >= 0.8 * len(lines)


def _rows(text: str, file: str) -> tuple[dict[str, str], list[tuple[int, list[str]]]]:
    """The settings that a card program writes at the top, and the rows with their first lines."""
    settings: dict[str, str] = {}
    lines = text.split("\n")
    while lines and (match := re.fullmatch(r"#([a-z ]+):(.*)", lines[0])):
        settings[match[1]] = match[2].strip()
        lines.pop(0)
    separator = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}.get(settings.get("separator", "").casefold())
    body = "\n".join(lines)
    reader = csv.reader(lines_of(body), delimiter=separator or _separator(body, file))
    rows: list[tuple[int, list[str]]] = []
    before = len(settings)
    while True:
        line = before + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return settings, rows
        except csv.Error as error:
            raise Unreadable(line, f"is not a readable table: {error}") from None
        if any(cell.strip() for cell in cells):
            rows.append((line, cells))
        if len(rows) > RECORDS + 1:
            raise Unreadable(line, f"has more than {RECORDS:,} rows; split the file")


def lines_of(text: str) -> Iterator[str]:
    return (f"{line}\n" for line in text.split("\n"))


def _separator(text: str, file: str) -> str:
    if file.lower().endswith(".tsv"):
        return "\t"
    first = text.partition("\n")[0]
    return max((",", ";", "\t", "|"), key=first.count)


def _located(value: Any, lines: Mapping[int | str, int]) -> list[_Record]:
    """The records in a document, whichever of the usual shapes it has. Raises Unreadable for another one."""
    if isinstance(value, dict):
        inner = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)
        if inner is not None:
            value = inner
        elif any(_folded(name) in _NAMES["question"] for name in value):
            value = [value]
        elif value and all(isinstance(item, str) for item in value.values()):
            value = [{"question": question, "answer": answer} for question, answer in value.items()]
        elif value and all(isinstance(item, dict) for item in value.values()):
            value = [{"title": name, **item} for name, item in value.items()]
    if not isinstance(value, list):
        raise Unreadable(1, "is no list of questions and no object with one (scenarios, questions, items, cards)")
    if len(value) > RECORDS:
        raise Unreadable(1, f"has {len(value):,} entries; at most {RECORDS:,} are read. Split the file")
    return [_Record(lines.get(place, 0), _fields(item)) for place, item in enumerate(value)]


def _fields(item: Any) -> Mapping[str, Any]:
    if isinstance(item, dict):
        return item
    if isinstance(item, list) and len(item) == 2:
        return {"question": item[0], "answer": item[1]}
    return {"question": item} if isinstance(item, str) else {}


def _yaml_lines(lines: Lines) -> dict[int | str, int]:
    """The line of each entry of the outermost list, by its place."""
    depth = min((len(path) for path in lines if path and isinstance(path[-1], int)), default=0)
    entries = ((path[-1], line) for path, line in lines.items() if path and len(path) == depth)
    return {place: line for place, line in entries if isinstance(place, int)}


def _item_lines(text: str) -> dict[int | str, int]:
    """The line on which each entry of the outermost JSON list begins."""
    decoder = json.JSONDecoder()
    named = re.search(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[', text)
    first = text.lstrip()[:1]
    place = named.end() if named and first == "{" else text.find("[") + 1
    found: dict[int | str, int] = {}
    line, counted = 1, 0
    while 0 < place < len(text):
        while place < len(text) and text[place] in " \t\n,":
            place += 1
        if place >= len(text) or text[place] == "]":
            break
        line, counted = line + text.count("\n", counted, place), place
        found[len(found)] = line
        try:
            _, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
    return found


def _page(records: Sequence[_Record], file: str) -> Page:
    found: list[Found] = []
    warnings: list[FileProblem] = []
    for record in records:
        fields = {_folded(name): value for name, value in record.fields.items() if name is not None}
        question = question_of(_text(_first(fields, "question")))
        if _CLOZE.search(question):
            warnings.append(FileProblem(file, record.line, "", "is a card with gaps and no question; left out"))
        elif not question:
            warnings.append(FileProblem(file, record.line, "", "has no question; left out"))
        else:
            found.append(_found(record.line, question, fields, file))
    page = distinct(found, file)
    return Page(page.found, tuple(sorted((*warnings, *page.warnings), key=lambda warning: warning.line)))


def _found(line: int, question: str, fields: Mapping[str, Any], file: str) -> Found:
    number = str(_first(fields, "number") or "").strip()
    difficulty = _text(_first(fields, "difficulty"))
    names = _first(fields, "technologies")
    return Found(
        question=question,
        line=line,
        title=" ".join(_text(_first(fields, "title")).split()),
        answer=_text(_first(fields, "answer")),
        context=_text(_first(fields, "context")),
        diagnosis=_text(_first(fields, "diagnosis")),
        follow_ups=tuple(_follow_ups(_first(fields, "follow_ups"))),
        technologies=technologies_of(names if isinstance(names, list) else re.split(r"[,;|\s]\s*", str(names or ""))),
        difficulty=difficulty_of(difficulty) if difficulty else difficulty_in(file),
        number=int(number) if re.fullmatch(r"\d{1,6}", number) else None,
    )


def _follow_ups(value: Any) -> Iterator[FollowUp]:
    for item in value if isinstance(value, list) else [value] if value else []:
        fields = {_folded(name): text for name, text in _fields(item).items()}
        question = " ".join(_text(_first(fields, "question")).split())
        if question:
            yield FollowUp(question, _text(_first(fields, "answer")))


def _first(fields: Mapping[str, Any], name: str) -> Any:
    return next((fields[key] for key in _NAMES[name] if fields.get(key) not in (None, "", [])), None)


def _folded(name: object) -> str:
    return re.sub(r"[\W_]+", "", str(name).casefold())


def _text(value: Any, depth: int = 0) -> str:
    """Plain Markdown of a field: a list becomes list items, HTML its words. Below three levels nothing is read."""
    if value is None or depth > 3:
        return ""
    if isinstance(value, dict):
        value = [f"**{name}:** {_text(item, depth + 1)}" for name, item in value.items()]
    if isinstance(value, list):
        return "\n".join(f"- {' '.join(text.split())}" for item in value if (text := _text(item, depth + 1)))
    text = str(value)[:FIELD_CHARACTERS]
    if _HTML.search(text):
        text = re.sub(r"\n(?:\s*\n)+", "\n", _TAG.sub("", _BREAK.sub("\n", _BULLET.sub("\n- ", text))))
    return (html.unescape(text).replace("\xa0", " ") if _ENTITY.search(text) else text).strip()
