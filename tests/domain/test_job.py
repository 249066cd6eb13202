"""A job description read against the scenarios."""

from __future__ import annotations

from interviewer.domain.job import LEANING, PIECES, leaning, leaning_words, named_tags, pieces, ranked, view
from tests.builders import a_scenario

KAFKA = a_scenario(id="kafka", topics=("streaming", "data-quality"), technologies=("Kafka", "Spark SQL"))
BILL = a_scenario(id="bill", topics=("cost", "ci-cd"), technologies=("AWS", "S3"))


def test_technologies_and_topics_are_found_by_name_however_they_are_written() -> None:
    tags = ("Kafka", "Spark SQL", "streaming", "data-quality", "ci-cd", "S3", "cost")

    assert named_tags("KAFKA, spark-sql; quality of our data; CI/CD", tags) == (
        "Kafka",
        "Spark SQL",
        "data-quality",
        "ci-cd",
    )
    assert named_tags("We look at costs.", tags) == ("cost",)


def test_a_name_inside_another_word_is_not_named() -> None:
    assert named_tags("We accost people; awsome; the is31 board", ("cost", "AWS", "S3")) == ()


def test_headings_and_single_words_say_nothing() -> None:
    text = "# About us\n\n- Build streaming pipelines with Kafka\n- Perks\n- Build streaming pipelines with Kafka\n"

    assert pieces(text) == ["Build streaming pipelines with Kafka"]
    assert len(pieces("\n".join(f"Build pipeline number n{number} with Kafka" for number in range(500)))) == PIECES


def test_the_nearest_scenario_comes_first_with_its_tags_and_the_line_that_is_nearest() -> None:
    said = ["Explain our cloud bill to finance", "Thirty days of holidays a year"]

    first, second = ranked("; ".join(said), [KAFKA, BILL], said, [[0.1, 0.6], [0.2, 0.0]])

    assert (first.scenario, first.line, first.named) == ("bill", said[0], ())
    assert (second.scenario, second.line) == ("kafka", said[1])


def test_two_near_lines_count_and_the_many_that_are_far_do_not() -> None:
    near_to_bill = [[0.0, 0.6], [0.0, 0.5], *[[0.2, 0.0]] * 8]

    first, second = ranked("", [KAFKA, BILL], [f"line {n}" for n in range(10)], near_to_bill)

    assert (first.scenario, first.score, first.line) == ("bill", 0.55, "line 0")
    assert (second.score, second.line) == (0.2, "line 2")


def test_named_technologies_decide_between_scenarios_that_are_equally_near() -> None:
    first, _ = ranked("We use Kafka.", [BILL, KAFKA], ["We use Kafka."], [[0.3, 0.3]])

    assert (first.scenario, first.named) == ("kafka", ("Kafka",))


def test_a_text_without_a_sentence_ranks_by_names_alone() -> None:
    assert [match.scenario for match in ranked("AWS", [KAFKA, BILL], [], [])] == ["bill", "kafka"]


def test_an_interview_leans_to_the_tags_that_are_named_and_to_no_more_than_it_keeps() -> None:
    many = a_scenario(id="many", topics=("cost",), technologies=tuple(f"Tool{n}" for n in range(30)))

    assert leaning("Cost and Kafka on AWS.", [KAFKA, BILL, many]) == ("cost", "Kafka", "AWS")
    assert len(leaning(" ".join(many.technologies), [many])) == LEANING
    assert leaning_words(("late-data", "Spark SQL", "joins")) == {"late", "data", "spark", "sql", "joins", "join"}


def test_a_scenario_is_compared_by_what_the_candidate_may_see() -> None:
    assert view(KAFKA) == "A webhook that delivers twice. streaming, data quality. Kafka, Spark SQL"
