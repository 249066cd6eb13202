"""An answer belongs to the question that it comes nearest to, among all that the field asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from interviewer.adapters.coach.field import NEAREST, REACH, THIN, Field, accepted, digest, shipped, write
from interviewer.adapters.scenario_files import Library
from tests.builders import a_scenario

OWN, OTHER, NEITHER = np.eye(3, dtype=np.float32)


@pytest.fixture
def field(tmp_path: Path) -> Field:
    """Of two scenarios: every wording of the first is OWN, every one of the second OTHER."""
    scenarios = {"first": a_scenario(id="first"), "second": a_scenario(id="second")}
    left = [OWN, OTHER]

    def vectors_of(texts: Sequence[str]) -> np.ndarray:
        return np.tile(left.pop(0), (len(texts), 1))

    write(tmp_path / "field.npz", scenarios, vectors_of)
    return Field.read(tmp_path / "field.npz")


def margins(field: Field, *vectors: np.ndarray, id: str = "first") -> list[float]:
    said = np.stack(vectors)
    return [round(float(x), 2) for x in field.margins((said @ OWN).astype(np.float64), said, id)]


def test_sentences_that_another_scenario_asks_for_lie_below_and_those_of_its_own_above(field: Field) -> None:
    assert margins(field, *[OWN] * 4) == [1.0] * 4
    assert margins(field, *[OTHER] * 4) == [-1.0] * 4
    assert margins(field, *[NEITHER] * 4) == [0.0] * 4


def test_a_scenario_is_not_compared_with_itself(field: Field) -> None:
    assert margins(field, *[OWN] * 4, id="second") == [0.0] * 4
    assert margins(field, *[OWN] * 4, id="not shipped") == [0.0] * 4


def test_what_was_said_elsewhere_in_the_answer_takes_nothing_from_a_sentence(field: Field) -> None:
    answer = [OWN] * NEAREST + [NEITHER] * REACH + [OTHER] * NEAREST

    found = margins(field, *answer)

    assert found[:NEAREST] == [1.0] * NEAREST
    assert found[-NEAREST:] == [-1.0] * NEAREST


def test_a_single_sentence_is_given_more_room(field: Field) -> None:
    assert margins(field, OTHER) == [round(THIN - 1, 2)]


def test_the_shipped_field_is_made_of_the_shipped_scenarios(library: Library) -> None:
    assert shipped().made_of == digest(library.scenarios), "after a change of a scenario: python tools/field.py"


def test_every_accepted_wording_changes_what_the_field_is_made_of() -> None:
    scenario = a_scenario()
    before = digest({"a": scenario})

    assert len(accepted(scenario)) >= len(scenario.key_points)
    assert digest({"b": scenario}) != before
    first = scenario.key_points[0]
    points = (first.model_copy(update={"strong": "Another sentence."}), *scenario.key_points[1:])
    assert digest({"a": scenario.model_copy(update={"key_points": points})}) != before
