"""What an author does to a scenario that is being written."""

from __future__ import annotations

from typing import Any

import pytest

from interviewer.domain.manuscript import (
    KEY,
    Manuscript,
    as_copy,
    as_lines,
    entry_of,
    field_of,
    keyed,
    lines_of,
    moved,
    new_point,
    new_probe,
    plain,
    put_back,
    shared_equally,
    weights_in_sum,
    with_entry,
    with_hints,
    with_value,
    without_entry,
)
from interviewer.errors import InputError


def values(**changes: Any) -> dict[str, Any]:
    """The values of a scenario with three key points and one follow-up."""
    points = [
        {"id": f"own-x.{n}", "weight": weight, "text": f"Point {n}."} for n, weight in ((1, 50), (2, 30), (3, 20))
    ]
    probe = {"id": "p1", "type": "clarify", "targets": ["own-x.1"], "ask": "Why?"}
    return keyed({"id": "own-x", "status": "draft", "key_points": points, "probes": [probe], **changes})


def ids(of: dict[str, Any]) -> list[str]:
    return [point["id"] for point in of["key_points"]]


def test_the_keys_of_entries_are_no_part_of_a_file() -> None:
    assert entry_of(values(), "key_points", "1")["id"] == "own-x.2"
    assert KEY not in str(plain(values()))


def test_what_is_empty_is_left_out_and_texts_lose_the_space_around_them() -> None:
    written = plain(values(title="  One \r\n", story="", technologies=[], star={"task": " "}))

    assert written["title"] == "One"
    assert not {"story", "technologies", "star"} & set(written)


def test_a_removed_point_is_named_by_nothing_that_the_form_does_not_show() -> None:
    expected = {"mid": ["own-x.1", "own-x.9"], "senior": "all"}
    written = plain(values(level_expectations=expected, exhibits=[{"id": "e1", "shows": ["own-x.9"]}]))

    assert written["level_expectations"] == {"mid": ["own-x.1"], "senior": "all"}
    assert written["exhibits"] == [{"id": "e1", "shows": []}]


@pytest.mark.parametrize(
    ("status", "points", "said"),
    [
        ("draft", 0, "needs_reference"),
        ("needs_reference", 3, "draft"),
        ("draft", 3, "draft"),
        ("reviewed", 0, "reviewed"),
    ],
)
def test_a_draft_without_key_points_says_that_it_is_not_scored(status: str, points: int, said: str) -> None:
    assert plain(values(status=status, key_points=values()["key_points"][:points]))["status"] == said


def test_a_value_is_set_in_its_entry_wherever_that_stands_now() -> None:
    changed = with_value(moved(values(), "key_points", "2", -2), ("key_points", "2", "text"), "Now first.")

    assert ids(changed) == ["own-x.3", "own-x.1", "own-x.2"]
    assert changed["key_points"][0]["text"] == "Now first."
    assert field_of(changed, ("key_points", "2", "text")) == "key_points[0].text"
    assert with_value(values(), ("star", "task"), "x")["star"] == {"task": "x"}


def test_an_entry_that_another_tab_removed_is_said_to_be_gone() -> None:
    with pytest.raises(InputError, match="removed meanwhile"):
        with_value(values(), ("key_points", "9", "text"), "Too late.")


def test_moving_stops_at_the_ends() -> None:
    assert ids(moved(values(), "key_points", "0", -1)) == ids(values())
    assert ids(moved(values(), "key_points", "2", 5)) == ids(values())


def test_what_was_removed_comes_back_to_its_place() -> None:
    before = Manuscript(id="own-x", file="own-x.md", values=values())
    after = without_entry(before, "key_points", "1")

    assert ids(after.values) == ["own-x.1", "own-x.3"]
    assert put_back(after).values == before.values
    assert put_back(before) == before


def test_a_new_point_has_a_free_id_and_what_is_left_of_the_weight() -> None:
    light = with_value(values(), ("key_points", "0", "weight"), 35)

    assert (new_point(light)["id"], new_point(light)["weight"]) == ("own-x.4", 15)
    assert new_point(values())["weight"] == 10, "with nothing left the sum says so"


def test_weights_are_shared_equally() -> None:
    assert weights_in_sum(shared_equally(values())) == 100
    assert shared_equally({"id": "x"}) == {"id": "x"}


def test_a_new_follow_up_is_about_a_point_that_has_none() -> None:
    probe = new_probe(values())

    assert (probe["id"], probe["targets"]) == ("p2", ["own-x.2"])
    assert new_probe({"id": "x"})["targets"] == []


def test_hints_come_in_threes() -> None:
    assert [hint["level"] for hint in with_hints(values())["hints"]] == [1, 2, 3]
    assert len({hint[KEY] for hint in with_hints(values())["hints"]}) == 3


def test_entries_get_keys_that_no_other_entry_has() -> None:
    twice = with_entry(with_entry(values(), "mistakes", {"text": "a"}), "mistakes", {"text": "a"})

    assert len({mistake[KEY] for mistake in twice["mistakes"]}) == 2


def test_a_copy_has_ids_of_its_own_and_is_a_draft() -> None:
    source = plain(values(status="reviewed", provenance={"origin": "a book", "licence": "MIT"}, review={"next": "x"}))

    copy = as_copy(source, "own-y", "copy of own-x")

    assert ids(copy) == ["own-y.1", "own-y.2", "own-y.3"]
    assert copy["probes"][0]["targets"] == ["own-y.1"]
    assert (copy["status"], copy["provenance"]) == ("draft", {"origin": "copy of own-x", "licence": "MIT"})
    assert "review" not in copy
    assert source["key_points"][0]["id"] == "own-x.1", "the source stays as it is"


def test_lists_are_typed_one_entry_on_each_line() -> None:
    assert lines_of(" One. \n\n- Two.\n•  Three.\n") == ["One.", "Two.", "Three."]
    assert as_lines(["One.", "Two\nlines."]) == "One.\nTwo lines."
    assert as_lines(None) == ""
