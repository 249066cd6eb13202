"""Key points by rule are the answer's own words, of equal weight, and never more than an interview can hold."""

from __future__ import annotations

import random

import pytest

from interviewer.domain.drafting import Item, bare, drafted_points, equal_weights, items_of


def texts(answer: str) -> list[str]:
    return [item.text for item in items_of(answer)]


def drafted(answer: str) -> list[str]:
    return [point.text for point in drafted_points("own-x", items_of(answer))]


def test_list_items_are_points_without_their_markup() -> None:
    answer = "- **Fix:** Use `user_id` as [key](http://x).\n- Measure *before* and after.\n1. Then switch readers over."

    assert texts(answer) == ["Fix: Use user_id as key.", "Measure before and after.", "Then switch readers over."]


def test_what_is_indented_belongs_to_its_item() -> None:
    assert texts("1. Cluster the table\n   - by the key of the filter\n   - not by date") == [
        "Cluster the table by the key of the filter not by date"
    ]


def test_a_paragraph_is_cut_into_sentences_while_there_are_few_points() -> None:
    assert drafted("Order by sequence. Keep both times. The e.g. drift shows. Alert on it.") == [
        "Order by sequence.",
        "Keep both times.",
        "The e.g. drift shows.",
        "Alert on it.",
    ]


def test_a_sentence_that_says_too_little_stays_with_the_one_before() -> None:
    assert drafted("Use the repair command? Never. It would crash at that size.") == [
        "Use the repair command? Never.",
        "It would crash at that size.",
    ]


def test_code_is_no_point_and_its_comments_are_only_under_a_label() -> None:
    assert texts("**Salting:**\n```python\n# spread the hot key over ten\nx = 1\n```") == [
        "Salting: spread the hot key over ten."
    ]
    assert texts("The index reads one day.\n```sql\n# a comment about it\n```") == ["The index reads one day."]
    assert texts("```\nx = 1\n```") == []


def test_a_label_that_announces_a_list_is_no_point() -> None:
    assert texts("**There are two ways:**\n- Write the first way down.\n- Write the second way down.") == [
        "Write the first way down.",
        "Write the second way down.",
    ]


def test_labels_begin_points_of_their_own() -> None:
    assert texts("**Fix:** Add an index.\n**Check:** Compare both plans.") == [
        "Fix: Add an index.",
        "Check: Compare both plans.",
    ]


def test_of_many_items_neighbours_come_together_and_each_stays_a_phrasing() -> None:
    points = drafted_points("own-x", items_of("\n".join(f"- Step {n} copies table {n}" for n in range(1, 11))))

    assert len(points) == 7
    assert sum(point.weight for point in points) == 100
    assert [text for point in points for text in point.phrasings] == [
        f"Step {n} copies table {n}" for n in range(1, 11)
    ]
    assert points[0].text == "Step 1 copies table 1. Step 2 copies table 2."


def test_the_cause_and_the_cure_stay_apart_where_that_is_possible() -> None:
    items = [Item("The clock drifts.", "diagnosis"), *(Item(f"Step {n} follows here.") for n in range(8))]

    points = drafted_points("own-x", items)

    assert (points[0].text, points[0].dimension) == ("The clock drifts.", "diagnosis")


def test_nothing_gives_nothing() -> None:
    assert drafted_points("own-x", items_of("")) == ()
    assert texts("---\n***\n\n**:**\n-\n") == []


@pytest.mark.parametrize("count", [1, 3, 7, 99])
def test_weights_are_whole_and_sum_to_a_hundred(count: int) -> None:
    weights = equal_weights(count)

    assert sum(weights) == 100
    assert max(weights) - min(weights) <= 1


def test_any_text_gives_at_most_seven_points_that_sum_to_a_hundred() -> None:
    rng = random.Random(7)
    pieces = ["- ", "1. ", "**", ":", "\n", "\n\n", "```", " ", "word", "Two words.", "#", "   - ", "é→", "`x`"]
    for _ in range(300):
        answer = "".join(rng.choice(pieces) for _ in range(rng.randrange(60)))
        points = drafted_points("own-x", items_of(answer))
        assert len(points) <= 7
        assert sum(point.weight for point in points) == (100 if points else 0)


def test_names_with_underscores_keep_them() -> None:
    assert bare("**`user_id`** and _this_ and __that__") == "user_id and this and that"
