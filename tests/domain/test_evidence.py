"""Words in no order state nothing."""

from __future__ import annotations

import pytest

from interviewer.domain.evidence import is_shuffled


@pytest.mark.parametrize("step", [3, 7, 11, 37, 53])
def test_an_answer_in_another_order_of_words_is_shuffled_and_a_spoken_one_is_not(step: int) -> None:
    told = (
        "So um the table is split by day and the search is by user, so for each user we open all of the files in the "
        "table. I would keep the rows of a user together, and then the min and the max of a file tell us which of the "
        "files we can leave out. After that I measure how many of them a search still reads."
    )
    words = told.split()

    assert not is_shuffled(told)
    assert is_shuffled(" ".join(words[(index * step) % len(words)] for index in range(len(words))))
