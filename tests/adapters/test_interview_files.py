"""An export says everything, to the byte, and nothing that is damaged, hostile or incomplete is taken in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters import interview_files
from interviewer.adapters.database import Database
from interviewer.adapters.interview_files import export_lines, read_export
from interviewer.domain.experience import Story
from interviewer.domain.moves import closing
from interviewer.errors import InputError
from interviewer.flows import moving
from interviewer.flows.moving import kept_besides
from interviewer.flows.ports import StoredInterview, Whole
from tests.adapters.test_database_practice import PLAN
from tests.builders import NOW, a_drill, a_retry, a_scenario, a_turn, an_assessment, an_interview

ODD = 'a\r\nb\u2028c\x85 \t=1+1 👩\u200d💻 e\u0301 \u202eabc\u202c \x1b[31m </script> "quoted" <|endoftext|> ```'

STORY = Story(id="0" * 32, title="A queue", action=ODD, tags=("kafka",), updated_at=NOW)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    databases: list[Database] = []

    def opening(name: str) -> Database:
        databases.append(Database.open(f"sqlite:///{tmp_path / name}.sqlite3"))
        return databases[-1]

    yield opening
    for database in databases:
        database.close()


@pytest.fixture
def here(opened: Callable[[str], Database]) -> Database:
    return opened("here")


@pytest.fixture
def there(opened: Callable[[str], Database]) -> Database:
    return opened("there")


def kept(database: Database, *said: Any, owner: str = "ann", **changes: Any) -> StoredInterview:
    return database.create(an_interview(*said, **changes), owner=owner, engine="coach", scenario_hash="hash")


def a_life(database: Database) -> StoredInterview:
    """A finished interview with odd texts, two grades, tries and a rating."""
    stored = kept(database, ODD, "Why?", "Replies get lost.", closing("candidate"), mode="mock", level="staff")
    for grade in (an_assessment(), an_assessment(None, "missed", score=None, signal_reason=ODD)):
        database.add_assessment(stored.id, grade, owner="ann")
    database.add_retry(stored.id, a_retry(answer=ODD), owner="ann")
    database.rate(stored.id, 3, owner="ann")
    database.save_scratchpad(stored.id, ODD, owner="ann")
    return stored


def exported(database: Database, file: Path, *, owner: str = "ann") -> Path:
    ids = sorted(line.id for line in database.history(owner=owner))
    others = kept_besides(database, owner=owner)
    file.write_bytes(b"".join(export_lines((database.whole(id, owner=owner) for id in ids), others)))
    return file


def take_in(database: Database, file: Path, *, owner: str = "ann") -> list[str]:
    return [
        database.take_in(one, owner=owner) if isinstance(one, Whole) else moving.take_in(database, one, owner=owner)
        for one in read_export(file)
    ]


def written(file: Path, *records: dict[str, Any], **header: Any) -> Path:
    """An export of these records, whole as far as count and checksum go."""
    head = {"format": "interviewer-export", "version": 1, "app": "0", **header}
    body = b"".join(json.dumps(line).encode() + b"\n" for line in (head, *records))
    end = json.dumps({"count": len(records), "sha256": hashlib.sha256(body).hexdigest()})
    file.write_bytes(body + end.encode() + b"\n")
    return file


def records(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().split(b"\n")[1:-2]]


def test_what_is_exported_imported_and_exported_again_is_the_same_to_the_byte(
    here: Database, there: Database, tmp_path: Path
) -> None:
    stored = a_life(here)
    kept(here, "It retries.")
    first = exported(here, tmp_path / "first.jsonl")

    assert take_in(there, first, owner="bob") == ["added", "added"]

    assert exported(there, tmp_path / "second.jsonl", owner="bob").read_bytes() == first.read_bytes()
    ours, theirs = here.whole(stored.id, owner="ann"), there.whole(stored.id, owner="bob")
    assert theirs == ours._replace(stored=ours.stored._replace(owner="bob"))
    assert theirs.stored.interview.turns[1].text == ODD
    assert b'"owner"' not in first.read_bytes()


def test_stories_drills_and_the_plan_come_along(here: Database, there: Database, tmp_path: Path) -> None:
    a_life(here)
    here.save_story(STORY, owner="ann")
    here.add_drill(a_drill(0, None), owner="ann")
    here.add_drill(a_drill(1, "partial", answer=ODD), owner="ann")
    here.save_plan(PLAN, owner="ann")
    file = exported(here, tmp_path / "file.jsonl")

    assert take_in(there, file, owner="bob") == ["added"] * 5
    assert take_in(there, file, owner="bob") == ["unchanged"] * 5

    assert there.stories(owner="bob") == [STORY]
    assert there.drills(owner="bob") == [a_drill(0, None), a_drill(1, "partial", answer=ODD)]
    assert there.plan(owner="bob") == PLAN
    assert exported(there, tmp_path / "again.jsonl", owner="bob").read_bytes() == file.read_bytes()


def test_the_later_state_of_a_story_and_of_a_drill_stays(here: Database, there: Database, tmp_path: Path) -> None:
    here.save_story(STORY, owner="ann")
    here.add_drill(a_drill(0, None), owner="ann")
    early = exported(here, tmp_path / "early.jsonl")
    take_in(there, early)
    later = STORY.model_copy(update={"title": "Two queues", "updated_at": NOW + timedelta(days=1)})
    here.save_story(later, owner="ann")
    here.judge_drill(a_drill(0), owner="ann")

    assert take_in(there, exported(here, tmp_path / "late.jsonl")) == ["extended", "extended"]
    assert take_in(there, early) == ["differs", "differs"]

    assert there.stories(owner="ann") == [later]
    assert there.drills(owner="ann") == [a_drill(0)]


def test_another_plan_or_another_answer_under_the_same_key_stays_as_it_is(
    here: Database, there: Database, tmp_path: Path
) -> None:
    for database, minutes, answer in ((here, 40, "One."), (there, 60, "Another one.")):
        database.save_plan(PLAN.model_copy(update={"minutes": minutes}), owner="ann")
        database.add_drill(a_drill(0, None, answer=answer), owner="ann")

    assert take_in(there, exported(here, tmp_path / "file.jsonl")) == ["differs", "differs"]

    assert there.plan(owner="ann").minutes == 60
    assert there.drills(owner="ann")[0].answer == "Another one."


def test_a_story_of_two_people_on_one_server_is_each_ones_own(here: Database, tmp_path: Path) -> None:
    here.save_story(STORY, owner="ann")
    file = exported(here, tmp_path / "file.jsonl")

    assert take_in(here, file, owner="bob") == ["added"]
    assert take_in(here, file, owner="bob") == ["unchanged"]

    assert here.stories(owner="ann") == [STORY]
    (bobs,) = here.stories(owner="bob")
    assert bobs == STORY.model_copy(update={"id": bobs.id})
    assert bobs.id != STORY.id


def test_an_export_of_the_first_version_is_read_as_before(here: Database, there: Database, tmp_path: Path) -> None:
    kept(here, "It retries.")
    first = written(tmp_path / "first.jsonl", *records(exported(here, tmp_path / "file.jsonl")), version=1)

    assert take_in(there, first) == ["added"]


def test_a_scratchpad_that_is_here_already_stays(here: Database, there: Database, tmp_path: Path) -> None:
    stored = a_life(here)
    file = exported(here, tmp_path / "file.jsonl")
    take_in(there, file)
    there.save_scratchpad(stored.id, "Another one.", owner="ann")

    assert take_in(there, file) == ["unchanged"]
    assert there.scratchpad(stored.id, owner="ann") == "Another one."


def test_taking_the_same_file_in_again_changes_nothing(here: Database, there: Database, tmp_path: Path) -> None:
    a_life(here)
    file = exported(here, tmp_path / "file.jsonl")
    take_in(there, file)

    assert take_in(there, file) == ["unchanged"]
    assert take_in(here, file) == ["unchanged"]
    assert exported(there, tmp_path / "again.jsonl").read_bytes() == file.read_bytes()


def test_an_interview_that_went_on_there_is_completed_here(here: Database, there: Database, tmp_path: Path) -> None:
    stored = kept(here, "It retries.")
    take_in(there, exported(here, tmp_path / "early.jsonl"))
    move = closing("candidate")
    here.add_turn(stored.id, a_turn(2, move.text, role="interviewer", move=move), owner="ann", key="close")
    here.add_assessment(stored.id, an_assessment(), owner="ann")
    here.add_retry(stored.id, a_retry(), owner="ann")
    here.rate(stored.id, 4, owner="ann")
    late = exported(here, tmp_path / "late.jsonl")

    assert take_in(there, late) == ["extended"]
    assert there.whole(stored.id, owner="ann") == here.whole(stored.id, owner="ann")
    assert take_in(there, tmp_path / "early.jsonl") == ["unchanged"], "an older export takes nothing away"


def test_an_interview_that_went_on_differently_here_stays_as_it_is(
    here: Database, there: Database, tmp_path: Path
) -> None:
    stored = kept(here, "It retries.")
    take_in(there, exported(here, tmp_path / "begun.jsonl"))
    here.add_turn(stored.id, a_turn(2, "Why?", role="interviewer"), owner="ann", key="a")
    there.add_turn(stored.id, a_turn(2, "How?", role="interviewer"), owner="ann", key="a")
    before = there.whole(stored.id, owner="ann")

    assert take_in(there, exported(here, tmp_path / "file.jsonl")) == ["differs"]
    assert there.whole(stored.id, owner="ann") == before


def test_the_id_of_somebody_else_is_replaced_always_by_the_same(here: Database, tmp_path: Path) -> None:
    stored = a_life(here)
    file = exported(here, tmp_path / "file.jsonl")
    before = here.whole(stored.id, owner="ann")

    assert [take_in(here, file, owner=owner) for owner in ("bob", "bob", "eve")] == [
        ["added"],
        ["unchanged"],
        ["added"],
    ]

    ids = {here.history(owner=owner)[0].id for owner in ("ann", "bob", "eve")}
    assert len(ids) == 3
    assert all(len(id) >= 32 for id in ids)
    assert here.whole(stored.id, owner="ann") == before


# What is not taken in


def refused(file: Path) -> str:
    """The message, after making sure that not even the first interview was given."""
    with pytest.raises(InputError) as raised:
        next(read_export(file))
    assert ODD not in str(raised.value)
    assert "Replies get lost" not in str(raised.value)
    return str(raised.value)


@pytest.fixture
def file(here: Database, tmp_path: Path) -> Path:
    a_life(here)
    return exported(here, tmp_path / "file.jsonl")


def test_a_truncated_file_is_noticed_wherever_it_ends(file: Path) -> None:
    content = file.read_bytes()
    ends = [*range(0, len(content) - 1, 997), *(place for place in range(len(content)) if content[place] == 10)][:-1]

    for end in ends:
        file.write_bytes(content[:end])
        assert "not complete" in refused(file) or "not made by" in refused(file) or ", line" in refused(file)


def test_a_changed_letter_or_a_missing_line_is_noticed(file: Path) -> None:
    content = file.read_bytes()
    lines = content.split(b"\n")

    file.write_bytes(content.replace(b"Replies get lost", b"Replies get sent"))
    assert "was changed" in refused(file)
    file.write_bytes(b"\n".join(lines[:-4] + lines[-3:]))
    assert "was changed" in refused(file)
    file.write_bytes(content + b"\n")
    assert "line 12" in refused(file)


def test_an_unknown_field_is_refused_at_every_depth(file: Path) -> None:
    good = records(file)

    def with_field(record: int, *place: str | int) -> Path:
        changed = json.loads(json.dumps(good))
        inner = changed[record]
        for step in place:
            inner = inner[step]
        inner["surprise"] = 1
        return written(file, *changed)

    last = len(good) - 1
    for record, *place in (
        (0,),
        (0, "interview"),
        (0, "interview", "scenario"),
        (0, "interview", "scenario", "key_points", 0),
        (1, "turn"),
        (1, "turn", "move"),
        (last - 2, "assessment", "points", 0),
        (last - 1, "retry"),
        (last,),
    ):
        assert "surprise" in refused(with_field(record, *place))


@pytest.mark.parametrize(
    ("record", "place", "value", "words"),
    [
        (0, ("id",), "short", "id"),
        (0, ("id",), "../" * 10, "id"),
        (0, ("self_rating",), 5, "self_rating"),
        (0, ("interview", "max_probes"), 2**70, "out of range"),
        (0, ("interview", "ended"), None, "end does not fit"),
        (0, ("created_at",), "0001-01-01T00:00:00Z", "a time"),
        (0, ("created_at",), "2026-01-01T00:00:00", "a time"),
        (1, ("interview",), "x" * 32, "another interview"),
        (1, ("key",), "k" * 201, "key"),
        (1, ("turn", "seq"), 3, "cannot follow"),
        (2, ("key",), "created-0", "there before"),
        (5, ("record",), "secret", "record"),
        (6, ("version",), 7, "missing"),
        (6, ("assessment", "score"), 2**70, "out of range"),
        (6, ("assessment", "points", 0, "key_point"), "nowhere", "not asked"),
        (8, ("retry", "key_point"), "nowhere", "not asked"),
    ],
)
def test_what_does_not_hold_together_is_refused_with_its_line(
    file: Path, record: int, place: tuple[str | int, ...], value: object, words: str
) -> None:
    changed = records(file)
    inner: Any = changed[record]
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value

    message = refused(written(file, *changed))

    assert words in message
    assert "file.jsonl, " in message


def test_lines_in_another_order_are_refused(file: Path) -> None:
    begun, *rest = records(file)

    assert "another interview" in refused(written(file, *rest, begun))
    assert "cannot follow" in refused(written(file, begun, *reversed(rest[:5])))


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}\n", b"[" * 100_000, b"\xff\xfe\n" * 3, b'{"format": "other", "version": 1, "app": ""}\n{}\n{}\n'],
    ids=["nothing", "blank", "object", "deep", "binary", "other"],
)
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.jsonl"
    file.write_bytes(content)

    assert "file.jsonl" in refused(file)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    assert "newer version" in refused(written(tmp_path / "file.jsonl", version=3))


def test_a_file_or_a_line_beyond_its_size_is_refused_before_it_is_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as smaller:
        smaller.setattr(interview_files, "LINE_BYTES", 1000)
        assert "line 2 is longer" in refused(file)
    monkeypatch.setattr(interview_files, "FILE_BYTES", 1000)
    assert "is larger than" in refused(file)


def test_an_export_of_nothing_is_whole_and_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl"
    file.write_bytes(b"".join(export_lines([])))

    assert list(read_export(file)) == []


def test_an_export_can_be_taken_in_whatever_was_interviewed(opened: Callable[[str], Database], tmp_path: Path) -> None:
    here, there = opened("here"), opened("there")
    longer = timedelta(days=400)
    for changes in ({"mode": "story", "manner": "warm"}, {"mode": "private"}, {"started_at": NOW - longer}):
        kept(here, "It retries.", scenario=a_scenario(title=ODD), **changes)
    wholes: list[Whole] = list(read_export(exported(here, tmp_path / "file.jsonl")))

    assert {there.take_in(whole, owner="bob") for whole in wholes} == {"added"}
    assert len(there.history(owner="bob")) == 3
