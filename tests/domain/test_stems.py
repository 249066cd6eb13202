"""Stems are the same from any number of threads: a grade must not depend on who else is being graded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from interviewer.domain.stems import stemmed

WORDS = [stem + end for stem in ("cluster", "partition", "stor", "reconcil") for end in ("ing", "ed", "s", "ation")]


def test_many_threads_at_once_get_the_same_stems_as_one() -> None:
    alone = [stemmed(word) for word in WORDS]

    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda _: [stemmed(word) for word in WORDS * 20], range(64)))

    assert all(found == alone * 20 for found in together)
