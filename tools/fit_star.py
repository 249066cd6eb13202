"""Fits the STAR models and writes interviewer/adapters/coach/star_weights.json.

    python -m pip install scikit-learn
    python tools/fit_star.py            # prints the figures of left-out scenarios and writes the file
    python tools/fit_star.py --dry-run  # prints only

Fitted on the tuning half of the gold and fresh answers and on the tuning answers. Every figure printed comes from
scenarios that were left out of all models: those here, and those that find the key points (tools/fit_coach.py). The
reporting half is never read here.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from fit_coach import (
    CUTS,
    FOLDER,
    NEARNESS,
    OTHER_SCENARIO_WEIGHT,
    ROOT,
    SALAD_WEIGHT,
    TUNING_WEIGHTS,
    Corpus,
    Embedder,
    Labelled,
    fit,
    load_folder,
    other_scenarios,
    rows_in,
    salads,
    train,
)

from interviewer.adapters.coach.features import WINDOW, compare
from interviewer.adapters.coach.judgement import Judgement, Logistic, log_odds
from interviewer.adapters.coach.star import (
    ANSWER,
    ELEMENTS,
    OTHER,
    SENTENCE,
    SHOWS,
    STATUSES,
    WEIGHTS_FILE,
    Element,
    ElementModel,
    Said,
    answer_row,
    said_in,
    star_from,
)
from interviewer.domain.coverage import Coverage
from interviewer.domain.evidence import usable
from interviewer.domain.interview import Sentence
from interviewer.domain.words import sentences

STRENGTH = 0.1  # inverse of the ridge penalty; with 0.03 or 0.3 the figures of left-out scenarios hardly differ
EACH_KIND = 20.0  # what all answers of one kind weigh together: half of the tuning answers are wrong ones
NOT_FITTED = ("echo",)  # of the tuning answers: labelled as a situation, while an echo is to show none
LENGTHS = (70, 100, 130, 160, 190)  # words, where the answer-length baseline cuts

_SHARED = ("length", "hedges", "credit")
SENTENCE_FEATURES: dict[Element, tuple[str, ...]] = {
    "situation": (
        "position", "opening", "numbers", "past", "unknown", "question share", "evidence", "evidence diagnosis",
        "story start", "acts",
    ),
    "task": ("position", "goal", "named goal", "quantity", "question stems", "story start", "acts", "length"),
    "action": ("position", "evidence solution", "acts", "reason", "length", "past", "compares"),
    "result": (
        "position in turn", "end", "compares", "watches", "tries", "rolls back", "outcome", "measure",
        "evidence validation", "length", "hedges", "acts",
    ),
}  # fmt: skip
ANSWER_FEATURES: dict[Element, tuple[str, ...]] = {
    "situation": (
        "best", "second", "any", "length", "hedges", "story", "chance diagnosis", "head numbers", "head question",
        "head unknown",
    ),
    "task": ("best", "second", "any", *_SHARED, "story"),
    "action": ("best", "second", "any", *_SHARED, "chance", "evidence", "head question"),
    "result": ("best", "second", "any", *_SHARED, "story", "chance validation"),
}  # fmt: skip


class Answer(NamedTuple):
    """One labelled answer: what the models look at, and what people saw in it."""

    row: dict[str, Any]
    folder: str
    weight: float
    said: Said

    @property
    def scenario(self) -> str:
        return str(self.row["scenario"])

    def label(self, element: Element) -> str:
        return str(self.row["star"][element]["verdict"])

    def showing(self, element: Element) -> list[str]:
        """SHOWS for every sentence that holds the quote, or a whole sentence of it, or lies inside it."""
        quote = self.row["star"][element]["quote"]
        parts = [span.text for span in sentences(quote) if len(span.text.split()) > 3]
        return [SHOWS if _holds(s.text, quote, parts) else OTHER for s in self.said.sentences]


def _holds(text: str, quote: str, parts: Sequence[str]) -> bool:
    return bool(quote) and (text in quote or quote in text or any(part in text or text in part for part in parts))


def answers() -> list[Answer]:
    """Every labelled answer, its key points judged by a coach that was fitted without its scenario."""
    rows = [("gold", row) for row in rows_in("gold", "dev")] + [("fresh", row) for row in rows_in("fresh", "dev")]
    rows += [("tuning", row) for row in rows_in("tuning") if row["kind"] not in NOT_FITTED]
    kinds = Counter(row["kind"] for _, row in rows)
    corpus = Corpus(load_folder(ROOT / "scenarios").scenarios, Embedder.load(FOLDER / "model"))
    groups = coach_groups(corpus)
    found = []
    for id, scenario in corpus.scenarios.items():
        windows, points = train([group for group in groups if group[0].scenario != id], WINDOW, NEARNESS["embedded"])
        judge = Judgement({"window": windows, "point": points, "cuts": {**CUTS, "nearness": NEARNESS["embedded"]}})
        for folder, row in rows:
            if row["scenario"] == id:
                spans = enumerate(sentences(row["answer"]), 1)
                said = [Sentence(number, 1, span.text, scenario.question) for number, span in spans]
                compared = compare(id, corpus.views[id], usable(said, scenario.question), corpus.embedder)
                coverage = Coverage(matches=tuple(judge.matches(compared, said)) if compared else ())
                weight = min(1.0, EACH_KIND / kinds[row["kind"]])
                found.append(Answer(row, folder, weight, said_in(scenario, said, coverage)))
    return found


def coach_groups(corpus: Corpus) -> list[list[Labelled]]:
    """What tools/fit_coach.py fits on."""
    gold, tuning = rows_in("gold", "dev"), rows_in("tuning")
    groups = [group for row in gold for group in corpus.labelled(row)]
    for row in tuning:
        groups += corpus.labelled(row, weight=TUNING_WEIGHTS[row["kind"]]) if row["kind"] in TUNING_WEIGHTS else []
    for row, scenario in other_scenarios(gold + tuning, sorted(corpus.scenarios)):
        groups += corpus.labelled(row, scenario=scenario, weight=OTHER_SCENARIO_WEIGHT)
    for row in salads(corpus.scenarios):
        groups += corpus.labelled(row, scenario=row["scenario"], weight=SALAD_WEIGHT)
    return groups


def fit_sentences(element: Element, some: Sequence[Answer]) -> dict[str, Any]:
    names = SENTENCE_FEATURES[element]
    rows = np.vstack([answer.said.rows for answer in some])[:, [SENTENCE.index(name) for name in names]]
    labels = [label for answer in some for label in answer.showing(element)]
    values = fit(rows, labels, [answer.weight for answer in some for _ in answer.said.sentences], names, STRENGTH)
    values["coefficients"].insert(
        0, [0.0] * len(names)
    )  # with two classes scikit-learn gives the second one's row only
    values["intercept"].insert(0, 0.0)
    return values


def fit_element(element: Element, some: Sequence[Answer]) -> dict[str, Any]:
    """Both models. The second learns from what the first says of scenarios that it has not seen."""
    used = [answer for answer in some if answer.weight and answer.said.sentences]
    rows, labels, weights = [], [], []
    for unseen, others in by_scenario(used):
        first = Logistic(fit_sentences(element, others), SENTENCE)
        for answer in unseen:
            rows.append(answer_row(log_odds(first.probabilities(answer.said.rows)[SHOWS]), answer.said))
            labels.append(answer.label(element))
            weights.append(answer.weight)
    names = ANSWER_FEATURES[element]
    columns = [ANSWER.index(name) for name in names]
    return {
        "sentence": fit_sentences(element, used),
        "answer": fit(np.vstack(rows)[:, columns], labels, weights, names, STRENGTH),
    }


def by_scenario(some: Sequence[Answer]) -> Iterator[tuple[list[Answer], list[Answer]]]:
    """Every scenario's answers with those to all others."""
    for id in sorted({answer.scenario for answer in some}):
        yield [a for a in some if a.scenario == id], [a for a in some if a.scenario != id]


class Outcome(NamedTuple):
    """One element of one answer: its label, and what models say that did not see its scenario."""

    answer: Answer
    element: Element
    label: str
    found: str
    quoted: bool
    baselines: dict[str, str]


def left_out(some: Sequence[Answer]) -> Iterator[Outcome]:
    for unseen, others in by_scenario(some):
        models = {element: ElementModel(fit_element(element, others)) for element in ELEMENTS}
        for answer in unseen:
            star = star_from(answer.said, models)
            for element in ELEMENTS:
                own = getattr(star, element)
                showing = zip(answer.said.sentences, answer.showing(element), strict=True)
                quoted = any(s.text == own.quote and label == SHOWS for s, label in showing)
                yield Outcome(
                    answer, element, answer.label(element), own.status, quoted, baselines(answer, element, others)
                )


def baselines(answer: Answer, element: Element, others: Sequence[Answer]) -> dict[str, str]:
    """The most frequent label of other scenarios, and the same among their answers of about this length."""
    length = _band(answer)
    like = [other for other in others if other.folder != "tuning"]
    return {
        "most frequent": Counter(other.label(element) for other in like).most_common(1)[0][0],
        "by length": Counter(o.label(element) for o in like if _band(o) == length).most_common(1)[0][0],
    }


def _band(answer: Answer) -> int:
    return sum(len(answer.row["answer"].split()) >= cut for cut in LENGTHS)


def report(outcomes: Sequence[Outcome]) -> None:
    print("Agreement with the labels in scenarios that were left out (most frequent label; by length)")
    for folder in ("gold", "fresh", "tuning"):
        own = [o for o in outcomes if o.answer.folder == folder]
        for name, some in [(name, [o for o in own if o.element == name]) for name in ELEMENTS] + [("all four", own)]:
            agreed = np.mean([o.label == o.found for o in some])
            simple = [np.mean([o.label == o.baselines[b] for o in some]) for b in ("most frequent", "by length")]
            print(f"  {folder:7s}{name:10s} n {len(some):4d}  {agreed:.3f}  ({simple[0]:.3f}; {simple[1]:.3f})")
    untuned = [o for o in outcomes if o.answer.folder != "tuning"]
    for name in ELEMENTS:
        some = [o for o in untuned if o.element == name]
        table = Counter((o.label, o.found) for o in some)
        print(f"{name}, gold and fresh: rows are labels, columns what was found ({', '.join(STATUSES)})")
        for label in STATUSES:
            print(f"  {label:8s}" + "".join(f"{table[label, found]:5d}" for found in STATUSES))
        both = [o.quoted for o in some if "missing" not in (o.label, o.found)]
        print(f"  the quote is a labelled one in {np.mean(both):.0%} of {len(both)}")
    for kind in sorted({o.answer.row["kind"] for o in untuned}):
        some = [o for o in untuned if o.answer.row["kind"] == kind]
        print(f"  {kind:18s} n {len(some):3d}  {np.mean([o.label == o.found for o in some]):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    some = answers()
    report(list(left_out(some)))
    if not options.dry_run:
        values = {element: fit_element(element, some) for element in ELEMENTS}
        WEIGHTS_FILE.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
