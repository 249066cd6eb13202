"""What counting tokens promises to whoever keeps a prompt within limits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interviewer.adapters import token_counter
from interviewer.adapters.token_counter import TokenCounter, TokenCounterUnavailable

# Counted with tiktoken 0.14.0 and the vocabularies in its own cache format.
GOLDEN = (
    ("", 0, 0),
    ("Z-order the table by user_id", 7, 7),
    ("SELECT user_id, count(*) FROM events GROUP BY user_id;", 13, 13),
    ("Grüße aus München: wie groß ist die Tabelle?", 12, 13),
    ("<|endoftext|>", 7, 7),
    ("def f(x):\n    return x ** 2\n", 11, 11),
    ("日本語のテキスト 🙂", 7, 9),
)
UNKNOWN_MODEL = "qwen2.5-coder"


@pytest.fixture(scope="module")
def counter() -> TokenCounter:
    return TokenCounter()


@pytest.mark.parametrize(("text", "o200k", "cl100k"), GOLDEN)
def test_counts_equal_those_of_tiktoken(counter: TokenCounter, text: str, o200k: int, cl100k: int) -> None:
    assert counter.count(text, "gpt-4o") == o200k
    assert counter.count(text, "openai/gpt-oss-20b") == o200k
    assert counter.count(text, "gpt-4") == cl100k


def test_a_special_token_counts_as_plain_text(counter: TokenCounter) -> None:
    assert counter.count("before <|endoftext|> after", "gpt-4o") > 3


@pytest.mark.parametrize("model", [UNKNOWN_MODEL, "", "text-davinci-003"])
def test_an_unknown_model_gets_the_margin_rounded_up(counter: TokenCounter, model: str) -> None:
    assert counter.count("Z-order the table by user_id", model) == 9  # 7 * 1.15 = 8.05
    assert counter.count(" word" * 100, model) == 115
    assert counter.count("", model) == 0


def test_messages_cost_their_content_and_an_overhead(counter: TokenCounter) -> None:
    messages = [
        {"role": "system", "content": "Z-order the table by user_id"},
        {"role": "user", "content": "SELECT user_id, count(*) FROM events GROUP BY user_id;"},
    ]

    assert counter.count_messages(messages, "gpt-4o") == 7 + 13 + 2 * 4 + 3
    assert counter.count_messages(messages, UNKNOWN_MODEL) == 36  # 31 * 1.15 = 35.65
    assert counter.count_messages([], "gpt-4o") == 3


@pytest.mark.parametrize("letter", ["a", " ", "\n", ".", "é"])
def test_a_megabyte_of_one_letter_takes_less_than_two_seconds(counter: TokenCounter, letter: str) -> None:
    counter.count("warm up", "gpt-4o")

    start = time.process_time()
    tokens = counter.count(letter * 1_000_000, "gpt-4o")

    assert time.process_time() - start < 2
    assert 1_000 < tokens <= 1_000_000


def test_counting_in_pieces_gives_the_same_number_for_prose(
    counter: TokenCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "The first 1,200 rows are read again; nothing is lost, and it's fast.\n" * 1_000

    in_pieces = counter.count(text, "gpt-4o")
    monkeypatch.setattr(token_counter, "PIECE_CHARACTERS", len(text))

    assert in_pieces == counter.count(text, "gpt-4o")


def test_a_lone_surrogate_can_be_counted(counter: TokenCounter) -> None:
    assert counter.count("half an emoji \ud83d", "gpt-4o") > 3


def in_a_new_process(program: str, folder: Path) -> str:
    """Run `program` where no vocabulary is loaded yet, with `folder` as its working and temporary folder."""
    opening = "import socket, sys\nsocket.socket.connect = lambda *_: sys.exit('a connection was opened')\n"
    root = str(Path(token_counter.__file__).parents[2])
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    result = subprocess.run(
        [sys.executable, "-B", "-c", opening + program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": root, **temporary},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_first_count_opens_no_connection_and_writes_no_file(tmp_path: Path) -> None:
    program = (
        "from interviewer.adapters.token_counter import TokenCounter\n"
        "assert 'tiktoken' not in sys.modules\n"
        "print(TokenCounter().count('Z-order the table by user_id', 'gpt-4o'))\n"
        "from tiktoken.load import load_tiktoken_bpe\n"
        "from tiktoken_ext import openai_public\n"
        "assert openai_public.load_tiktoken_bpe is load_tiktoken_bpe\n"
    )

    assert in_a_new_process(program, tmp_path).split() == ["7"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["swapped", "cut short", "missing"])
def test_a_damaged_vocabulary_is_refused(tmp_path: Path, damage: str) -> None:
    folder = Path(shutil.copytree(token_counter.VOCABULARIES, tmp_path / "vocabularies"))
    vocabulary = folder / "o200k_base.tiktoken.xz"
    if damage == "swapped":
        shutil.copy(folder / "cl100k_base.tiktoken.xz", vocabulary)
    elif damage == "cut short":
        vocabulary.write_bytes(vocabulary.read_bytes()[:1000])
    else:
        vocabulary.unlink()
    program = (
        "from pathlib import Path\n"
        "from interviewer.adapters.token_counter import TokenCounter, TokenCounterUnavailable\n"
        "try:\n"
        "    TokenCounter(Path('vocabularies')).count('x', 'gpt-4o')\n"
        "except TokenCounterUnavailable as error:\n"
        "    print(error)\n"
    )

    assert "o200k_base.tiktoken.xz" in in_a_new_process(program, tmp_path)


def test_without_tiktoken_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tiktoken", None)

    with pytest.raises(TokenCounterUnavailable, match="tiktoken"):
        TokenCounter().count("x", "gpt-4o")
