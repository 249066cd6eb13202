"""A model's name tells whether its grade is for practice only; a name that states no size is no verdict."""

from __future__ import annotations

import pytest

from interviewer.flows.capability import is_practice_only, parameters


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("llama-3.2-3b", 3),
        ("qwen2.5:1.5b", 1.5),
        ("gemma-3-270m", 0.27),
        ("smollm2:135m-instruct-q8_0", 0.135),
        ("deepseek-r1-distill-qwen-1.5b", 1.5),
        ("Qwen/Qwen3-0.6B", 0.6),
        ("phi3:3.8b", 3.8),
        ("deepseek-coder:6.7b", 6.7),
        ("gemma-3n-E2B-it", 2),
        ("gemma3n:e4b", 4),
    ],
)
def test_a_grade_by_a_small_model_is_for_practice_only(name: str, billions: float) -> None:
    assert parameters(name) == pytest.approx(billions)
    assert is_practice_only(name)


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("qwen2.5-coder-7b", 7),
        ("mistral-7b-instruct-v0.3", 7),
        ("llama3:8b-instruct-q4_K_M", 8),
        ("mixtral-8x7b", 56),
        ("Mixtral-8x22B-Instruct-v0.1", 176),
        ("qwen3-30b-a3b", 30),
        ("gpt-oss-20b", 20),
        ("meta-llama/Llama-3.3-70B-Instruct", 70),
        ("deepseek-r1-distill-llama-70b", 70),
    ],
)
def test_a_grade_by_a_larger_model_is_not_for_practice_only(name: str, billions: float) -> None:
    assert parameters(name) == billions
    assert not is_practice_only(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "gpt-5-mini",
        "gpt-4.1-nano",
        "phi-4",
        "o3",
        "claude-sonnet-5",
        "claude-sonnet-5[1m]",
        "qwen-turbo-1m",
        "llama-4-scout-10m",
        "codellama-4bit",
        "grok-4-fast",
        "gemini-3-flash",
        "model-2026-11-01",
        "b",
        "7",
        "💥",
    ],
)
def test_a_name_that_states_no_size_is_no_ground_to_call_a_model_small(name: str) -> None:
    assert parameters(name) is None
    assert not is_practice_only(name)


def test_a_name_without_end_is_read_at_once() -> None:
    assert parameters("1" * 50_000 + "x" * 50_000) is None
