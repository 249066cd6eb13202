"""Measuring an engine: what is kept of a long run, and what becomes of answers that a model fails on."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.domain.assessment import Assessment
from interviewer.domain.interview import Interview, Usage
from interviewer.errors import InputError, ModelError
from interviewer.flows.evaluating import (
    GoldAnswer,
    Graded,
    SecondLabels,
    agreeing,
    agreement_in_words,
    collected,
    common,
    graded,
    headline,
    read_kept,
    side_by_side,
)
from tests.builders import a_scenario, an_assessment, an_interview

SCENARIOS = {"webhook-twice": a_scenario()}


def row(id: str, *verdicts: str) -> GoldAnswer:
    labels = {
        point.id: {"verdict": verdict, "quote": ""}
        for point, verdict in zip(a_scenario().key_points, verdicts, strict=True)
    }
    return GoldAnswer.model_validate(
        {
            "id": id,
            "scenario": "webhook-twice",
            "kind": "expert",
            "split": "dev",
            "answer": "The sender retries.",
            "labels": labels,
            "star": {},
        }
    )


def everything_covered(interview: Interview) -> Assessment:
    return an_assessment(interview, "covered", "covered", "covered", "covered")


def test_an_answer_that_was_graded_before_is_not_graded_again() -> None:
    rows = [row("one", *["covered"] * 4), row("two", *["covered"] * 4)]
    asked: list[Interview] = []

    def judge(interview: Interview) -> Assessment:
        asked.append(interview)
        return everything_covered(interview)

    first = next(graded(rows, SCENARIOS, judge))
    again = list(graded(rows, SCENARIOS, judge, [first]))

    assert [item.answer for item in again] == ["one", "two"]
    assert len(asked) == 2


def test_an_answer_that_the_model_failed_on_counts_as_left_ungraded() -> None:
    def judge(interview: Interview) -> Assessment:
        raise ModelError("timeout", "No answer came in time.")

    items = list(graded([row("one", *["covered"] * 4)], SCENARIOS, judge))
    table = dict(headline(collected("m", [row("one", *["covered"] * 4)], SCENARIOS, items)))

    assert items[0].error == "No answer came in time."
    assert table["left ungraded"] == "100.0%"


def test_a_server_that_cannot_be_reached_ends_the_run() -> None:
    def judge(interview: Interview) -> Assessment:
        raise ModelError("unreachable", "There is no connection.")

    with pytest.raises(ModelError):
        list(graded([row("one", *["covered"] * 4)], SCENARIOS, judge))


def test_what_a_run_kept_is_read_back_and_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    assert read_kept(file) == []
    item = next(graded([row("one", *["covered"] * 4)], SCENARIOS, everything_covered))
    file.write_text(item.model_dump_json() + "\n", encoding="utf-8")
    assert read_kept(file) == [item]
    file.write_text(item.model_dump_json() + '\n{"answer"', encoding="utf-8")
    with pytest.raises(InputError, match=r"kept\.jsonl:2"):
        read_kept(file)


def test_the_cost_is_tokens_times_the_price_that_was_given() -> None:
    rows = [row("one", "covered", "missed", "missed", "missed")]
    usage = (Usage(input_tokens=2_000, output_tokens=500),)
    paid = everything_covered(an_interview("The sender retries.")).model_copy(update={"usage": usage})
    run = collected("m", rows, SCENARIOS, [Graded(answer="one", seconds=1.0, assessment=paid)])

    assert dict(headline(run, (1.0, 4.0)))["cost of a hundred answers"] == "0.40"
    assert "cost of a hundred answers" not in dict(headline(run))


def test_two_labellings_agree_as_far_as_chance_would_not_explain() -> None:
    rows = [row("one", "covered", "missed", "partial", "missed"), row("two", *["covered"] * 4)]
    points = [point.id for point in a_scenario().key_points]
    second = [
        SecondLabels(id="one", labels=dict(zip(points, ("covered", "missed", "covered", "missed"), strict=True))),
        SecondLabels(id="unknown", labels={points[0]: "covered"}),
    ]

    assert agreement_in_words(agreeing(rows, second)) == (
        "1 answers, 4 points: 75.0% the same verdict, Cohen's kappa 0.60 over four verdicts and "
        "1.00 for credited or not."
    )
    with pytest.raises(InputError, match="no labelled answer in common"):
        agreement_in_words(agreeing(rows, second[1:]))


def test_runs_stand_side_by_side_on_the_answers_that_all_of_them_graded() -> None:
    rows = [row("one", *["covered"] * 4), row("two", *["missed"] * 4)]
    whole = list(graded(rows, SCENARIOS, everything_covered))
    kept = [whole, whole[:1]]

    shared = common(rows, kept)
    table = side_by_side([collected(name, shared, SCENARIOS, items) for name, items in zip("ab", kept, strict=True)])

    assert [item.id for item in shared] == ["one"]
    assert "| what | a | b |" in table
    assert "| answers, points | 1, 4 | 1, 4 |" in table
    assert "| credited to expert (4 points, truly 100%) | 100% | 100% |" in table
