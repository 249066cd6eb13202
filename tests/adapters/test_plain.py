import math
from pathlib import Path

import pytest

from interviewer.adapters.coach.embedder import Embedder
from interviewer.adapters.coach.matcher import FOLDER, Coach
from interviewer.adapters.coach.plain import PlainJudge, is_plain
from interviewer.domain.coverage import Match
from interviewer.domain.interview import Sentence
from interviewer.domain.scenario import Scenario
from interviewer.domain.words import sentences
from interviewer.flows.batch import ad_hoc_scenario, read_record

QUESTION = "Why do we compact many small files in a table into fewer large ones?"
REFERENCE = (
    "Every file must be opened and listed, so fewer large files make a query read less metadata and start sooner."
)
PARAPHRASE = (
    "Opening and listing each file takes time, so with fewer, larger files the query has less metadata to read."
)
OFF_TOPIC = "I like to play football with my friends at the weekend because it keeps me healthy."

WATER = "What happens to the water when it is heated?"
EVAPORATES = "The water evaporates and turns into vapour."


@pytest.fixture(scope="module", params=["embedded", "words only"])
def judge(request: pytest.FixtureRequest) -> PlainJudge:
    return PlainJudge.load(Embedder.load(FOLDER / "model") if request.param == "embedded" else None)


@pytest.fixture(scope="module", params=["embedded", "words only"])
def coach(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Coach:
    return Coach.load(FOLDER / "model" if request.param == "embedded" else tmp_path_factory.mktemp("nothing"))


def ad_hoc(question: str, reference: str) -> Scenario:
    line = f'{{"id": "a", "question": "{question}", "reference": "{reference}", "answer": ""}}'
    return ad_hoc_scenario(read_record(line.encode()))  # type: ignore[arg-type]


def match(coach: Coach, question: str, reference: str, answer: str) -> tuple[Match, ...]:
    said = [Sentence(number, 1, span.text, "") for number, span in enumerate(sentences(answer), 1)]
    return coach.match(ad_hoc(question, reference), said).matches


def test_a_right_paraphrase_is_likelier_than_not_and_an_answer_off_the_topic_is_not(judge: PlainJudge) -> None:
    right, wrong = (judge.chance(QUESTION, [REFERENCE], answer) for answer in (PARAPHRASE, OFF_TOPIC))
    assert right > 0.6
    assert wrong < 0.2


def test_the_reference_itself_is_right(judge: PlainJudge) -> None:
    assert judge.chance(QUESTION, [REFERENCE], REFERENCE) > 0.8


def test_saying_more_of_the_reference_never_lowers_the_chance_here(judge: PlainJudge) -> None:
    steps = ("The files.", "Fewer files must be opened.", PARAPHRASE)
    chances = [judge.chance(QUESTION, [REFERENCE], answer) for answer in steps]
    assert chances == sorted(chances)


def test_the_negated_sentence_is_less_likely_right_than_the_plain_one(judge: PlainJudge) -> None:
    plain = judge.chance(WATER, [EVAPORATES], "The water evaporates and becomes vapour.")
    denied = judge.chance(WATER, [EVAPORATES], "The water does not evaporate and never becomes vapour.")
    assert denied < plain - 0.1


@pytest.mark.parametrize(
    "answer", ["", "  \n", "...", "?", "I don't know", "i dont know.", "No response.", "idk", "n/a"]
)
def test_an_answer_that_says_nothing_has_no_chance(judge: PlainJudge, answer: str) -> None:
    assert judge.chance(QUESTION, [REFERENCE], answer) == 0.0


def test_a_second_reference_that_fits_raises_the_chance(judge: PlainJudge) -> None:
    answer = "It becomes a gas."
    assert judge.chance(WATER, [EVAPORATES, "The water becomes gas."], answer) > judge.chance(
        WATER, [EVAPORATES], answer
    )


def test_the_same_input_gives_the_same_chance_to_the_digit(judge: PlainJudge) -> None:
    first = judge.chance(QUESTION, [REFERENCE, EVAPORATES], PARAPHRASE)
    judge.chance(WATER, [EVAPORATES], "Steam.")
    assert judge.chance(QUESTION, [REFERENCE, EVAPORATES], PARAPHRASE) == first


def test_odd_texts_give_a_chance_all_the_same(judge: PlainJudge) -> None:
    for answer in ("7", "水は蒸発します", "word " * 5000, "\ud800 water", "₂O → gas"):
        assert 0 <= judge.chance(WATER, [EVAPORATES], answer) <= 1
    assert math.isfinite(judge.chance("?", ["7"], "7"))


def test_a_question_of_several_pages_leaves_room_for_the_answer(judge: PlainJudge) -> None:
    question = "There is a long story before this. " * 200 + QUESTION
    assert judge.chance(question, [REFERENCE], PARAPHRASE) > judge.chance(question, [REFERENCE], OFF_TOPIC) + 0.3


def test_without_a_reference_nothing_is_judged(judge: PlainJudge) -> None:
    with pytest.raises(ValueError, match="reference"):
        judge.chance(QUESTION, ["", "…"], PARAPHRASE)


def test_a_right_answer_to_an_ad_hoc_question_is_covered_with_its_sentence(coach: Coach) -> None:
    (found,) = match(coach, QUESTION, REFERENCE, f"Good question. {PARAPHRASE}")
    assert found.finding == "covered"
    assert found.sentences == (2,)


def test_each_sentence_of_a_reference_gets_its_own_verdict(coach: Coach) -> None:
    said = "The water evaporates and becomes vapour."
    first, second = match(coach, WATER, f"{EVAPORATES} The salt stays behind in the pan.", said)
    assert (first.finding, first.sentences) == ("covered", (1,))
    assert second.finding == "missed"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        OFF_TOPIC,
        QUESTION,
        "I don't know.",
        "file open list query metadata read large fewer start sooner compact table file listing metadata query",
    ],
    ids=["empty", "off the topic", "echo of the question", "nothing to say", "keyword salad"],
)
def test_nothing_is_credited_without_evidence(coach: Coach, answer: str) -> None:
    (found,) = match(coach, QUESTION, REFERENCE, answer)
    assert (found.finding, found.sentences) == ("missed", ())


def test_a_scenario_with_other_wordings_is_not_plain() -> None:
    scenario = ad_hoc(QUESTION, REFERENCE)
    point = scenario.key_points[0].model_copy(update={"phrasings": ("fewer files, less metadata",)})
    assert is_plain(scenario)
    assert not is_plain(scenario.model_copy(update={"key_points": (point,)}))


def test_the_weights_name_where_they_come_from() -> None:
    text = (Path(FOLDER) / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert all(name in text for name in ("SciEntsBank", "Beetle", "SAF", "CC BY-SA", "MIT"))
