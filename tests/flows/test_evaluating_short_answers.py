import gzip
import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from interviewer.errors import InputError
from interviewer.flows.evaluating_short_answers import (
    Judged,
    ShortAnswer,
    as_markdown,
    figures,
    judge,
    measure,
    read_short_answers,
)


def answer(score: float, text: str = "It evaporates.", **fields: object) -> ShortAnswer:
    values = {"dataset": "set", "question_id": "q", "question": "Why?", "reference": "Heat.", "max_score": 1.0}
    return ShortAnswer.model_validate({**values, "answer": text, "score": score, **fields})


def line(**fields: object) -> str:
    return json.dumps({**answer(1.0).model_dump(mode="json"), "label": "correct", "meta": {}, **fields})


def test_plain_and_compressed_files_give_the_same_answers(tmp_path: Path) -> None:
    text = f"{line()}\n\n{line(answer='No idea', score=0)}\n"
    (tmp_path / "a.jsonl").write_text(text)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    assert read_short_answers(tmp_path / "a.jsonl") == read_short_answers(tmp_path / "a.jsonl.gz")
    assert [found.mark for found in read_short_answers(tmp_path / "a.jsonl")] == [1.0, 0.0]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (line() + '\n{"dataset": "set"}', "line 2: question_id"),
        (line(score=2), "score is above max_score"),
        (line(reference="", references=[]), "no reference"),
        ("not json", "line 1"),
        ("\n", "no answers"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "a.jsonl").write_text(text)
    with pytest.raises(InputError, match=complaint):
        read_short_answers(tmp_path / "a.jsonl")


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b"not an archive")
    with pytest.raises(InputError, match=r"a\.jsonl\.gz"):
        read_short_answers(tmp_path / "a.jsonl.gz")


def test_the_engine_gets_every_reference_and_its_time_is_taken() -> None:
    asked = []

    def chance(question: str, references: Sequence[str], text: str) -> float:
        asked.append((question, references, text))
        return 0.25

    clock = iter([1.0, 1.5])
    (judged,) = judge([answer(1.0, references=("Heat.", "Warmth."))], chance, lambda: next(clock))
    assert asked == [("Why?", ("Heat.", "Warmth."), "It evaporates.")]
    assert (judged.chance, judged.seconds) == (0.25, 0.5)


def test_the_figures_compare_chances_with_marks() -> None:
    given = [(0.0, 0.1), (0.5, 0.4), (1.0, 0.9), (1.0, 0.6)]
    found = figures("set", [Judged(answer(mark), chance, 0.002) for mark, chance in given])
    assert (found.answers, found.questions) == (4, 1)
    assert found.rmse == pytest.approx(math.sqrt((0.01 + 0.01 + 0.01 + 0.16) / 4))
    assert found.accuracy == 0.75  # half of the mark counts as right, and 0.4 is below a half
    # right: 2 of 2 found and 3 true, 4/5; wrong: 1 of 2 found and 1 true, 2/3
    assert found.macro_f1 == pytest.approx((4 / 5 + 2 / 3) / 2)
    # to the nearest mark: 0, 0.5, 1, 0.5; observed 0.25 in all; by chance the squares of all sixteen pairs
    by_chance = ((0 + 0.25 + 1 + 0.25) + (0.25 + 0 + 0.25 + 0) + 2 * (1 + 0.25 + 0 + 0.25)) / 16
    assert found.quadratic_kappa == pytest.approx(1 - (0.25 / 4) / by_chance)
    assert found.milliseconds == pytest.approx(2.0)


def test_a_set_with_many_empty_answers_is_measured_without_them_too() -> None:
    judged = [Judged(answer(1.0), 0.9, 0), Judged(answer(0.0), 0.3, 0), Judged(answer(0.0, ""), 0.0, 0)]
    judged.append(Judged(answer(1.0, dataset="other"), 0.9, 0))
    assert [(row.name, row.answers) for row in measure(judged)] == [
        ("set", 3),
        ("set, empty ones left out", 2),
        ("other", 1),
    ]


def test_the_table_shows_a_dash_where_there_is_no_figure() -> None:
    table = as_markdown(measure([Judged(answer(1.0), 0.9, 0.001)]))
    assert table.splitlines()[-1] == "| set | 1 | 1 | - | - | 0.100 | - | 1.000 | 1.000 | 1.0 |"
