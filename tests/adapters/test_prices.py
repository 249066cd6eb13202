"""The price table: what it says, what it does not say, and that every figure names its source."""

from __future__ import annotations

from datetime import date

import pytest

from interviewer.adapters.prices import Price, cost, price, table
from interviewer.domain.interview import Usage

MILLION_IN = Usage(input_tokens=1_000_000)
MILLION_OUT = Usage(output_tokens=1_000_000)
ON = date(2026, 11, 23)
DEEPSEEK = "https://api.deepseek.com"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/"


def test_input_output_and_cached_tokens_have_prices_of_their_own() -> None:
    def paid(usage: Usage) -> float | None:
        return cost("gpt-5.4-mini", None, usage, on=ON)

    assert paid(MILLION_IN) == pytest.approx(0.75)
    assert paid(MILLION_OUT) == pytest.approx(4.50)
    assert paid(MILLION_IN.model_copy(update={"cached_tokens": 1_000_000})) == pytest.approx(0.075)
    assert paid(Usage(input_tokens=2_000, cached_tokens=1_024, output_tokens=100)) == pytest.approx(
        (976 * 0.75 + 1_024 * 0.075 + 100 * 4.5) / 1_000_000
    )


@pytest.mark.parametrize("base_url", [None, "https://api.openai.com/v1", "https://API.openai.com/v1/"])
def test_no_address_means_openai(base_url: str | None) -> None:
    assert cost("gpt-4.1", base_url, MILLION_IN, on=ON) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("gpt-99", None),
        ("my-gpt-4.1", None),
        ("gpt-4.1", "https://mine.openai.azure.com/openai/v1/"),
        ("openai/gpt-4.1", "https://openrouter.ai/api/v1"),
        ("gpt-4.1", "https://api.openai.com.example/v1"),
        ("gpt-4.1", "https://[::1/v1"),
        ("qwen2.5", "http://192.168.1.20:8000/v1"),
    ],
)
def test_an_unknown_model_or_server_has_no_price(model: str, base_url: str | None) -> None:
    assert cost(model, base_url, MILLION_IN, on=ON) is None


@pytest.mark.parametrize(
    "base_url", ["http://localhost:11434/v1", "http://127.0.0.1:8080/v1", "http://[::1]:1234/v1", "http://127.1.2.3/v1"]
)
def test_this_machine_costs_nothing(base_url: str) -> None:
    assert cost("any-model", base_url, MILLION_OUT, on=ON) == 0.0


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-5", 1.25),
        ("gpt-5-2025-08-07", 1.25),
        ("gpt-5-mini-2025-08-07", 0.25),
        ("gpt-4o-2024-08-06", 2.5),
        ("gpt-4o-2024-05-13", None),
        ("gpt-5.4-mini-preview", None),
        ("gpt-5-pro", None),
    ],
)
def test_a_dated_name_has_the_price_of_its_model_and_another_variant_has_none(
    model: str, dollars: float | None
) -> None:
    assert cost(model, None, MILLION_IN, on=ON) == dollars


def test_a_price_that_is_promised_until_a_day_ends_with_it() -> None:
    assert cost("gemini-3.8-flash", GEMINI, MILLION_IN, on=date(2026, 12, 31)) == pytest.approx(0.75)
    assert cost("models/gemini-3.8-flash", GEMINI, MILLION_IN, on=date(2026, 12, 31)) == pytest.approx(0.75)
    assert cost("gemini-3.8-flash", GEMINI, MILLION_IN, on=date(2027, 1, 1)) is None


def test_a_price_by_the_hour_is_its_highest_and_says_so() -> None:
    found = price("deepseek-flash", DEEPSEEK, on=ON)

    assert found is not None
    assert found.at_most
    assert found.of(MILLION_OUT) == pytest.approx(1.20)


def test_where_writing_to_a_cache_costs_more_all_fresh_input_counts_so() -> None:
    assert cost("gpt-5.6-sol", None, MILLION_IN, on=ON) == pytest.approx(6.25)


def test_without_a_price_for_cached_tokens_they_cost_as_much_as_others() -> None:
    usage = Usage(input_tokens=1_000_000, cached_tokens=900_000)

    assert cost("llama-3.1-8b-instant", "https://api.groq.com/openai/v1", usage, on=ON) == pytest.approx(0.05)


def test_more_cached_tokens_than_there_were_do_not_lower_the_price_below_theirs() -> None:
    usage = Usage(input_tokens=1_000_000, cached_tokens=3_000_000)

    assert cost("gpt-5.4-mini", None, usage, on=ON) == pytest.approx(0.075)


@pytest.mark.parametrize("entry", table().prices, ids=lambda entry: entry.models[0])
def test_every_price_is_plausible_and_names_its_source_and_day(entry: Price) -> None:
    assert entry.source.startswith("https://")
    assert entry.read_in
    assert entry.as_of <= table().verified_on
    assert 0 < entry.input <= entry.output
    assert entry.cached is None or 0 < entry.cached < entry.input
    assert entry.cache_write is None or (entry.cache_write > entry.input and entry.at_most)


def test_no_model_is_listed_twice_at_one_host() -> None:
    listed = [(entry.host, model) for entry in table().prices for model in entry.models]

    assert len(listed) == len(set(listed))
