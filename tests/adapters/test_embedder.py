"""What the embedded sentence model promises to the matcher."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from interviewer.adapters.coach import embedder as embedder_module
from interviewer.adapters.coach.embedder import Embedder, EmbedderUnavailable, TokenIds, Vectors

MODEL = Path(embedder_module.__file__).parent / "model"

KEY_POINT = "Z-order the table by user_id"
PARAPHRASE = "cluster the data on the user id column"
UNRELATED = "use a bigger cluster"
OTHERS = (
    "yes",
    "We compact small files every night so that readers open fewer objects.",
    "A replica lag of thirty seconds is fine for reports but not for the checkout page, where customers "
    "expect to read what they have just written.",
)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder.load(MODEL)


@pytest.fixture
def copied_model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODEL, tmp_path / "model"))


class CountingEncoder:
    """Stands in for the model and notes the shape of every batch it is given."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, ids: TokenIds, mask: TokenIds) -> Vectors:
        self.shapes.append(ids.shape)
        vectors = np.zeros((len(ids), embedder_module.DIMENSIONS), dtype=np.float32)
        vectors[:, 0] = mask.sum(axis=1)
        return vectors


def letters_as_tokens(text: str) -> list[int]:
    return [ord(letter) for letter in text]


def test_a_paraphrase_is_nearer_to_its_key_point_than_an_unrelated_sentence(embedder: Embedder) -> None:
    key_point, paraphrase, unrelated = embedder.embed([KEY_POINT, PARAPHRASE, UNRELATED])

    assert key_point @ paraphrase == pytest.approx(0.39, abs=0.02)
    assert key_point @ unrelated < 0.05


def test_every_row_has_unit_length(embedder: Embedder) -> None:
    rows = embedder.embed([KEY_POINT, "", "x", "ünï 日本 🙂", "word " * 5000])

    assert rows.shape == (5, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_give_an_empty_table_of_the_same_width(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_a_sentence_has_the_same_vector_alone_and_in_company() -> None:
    texts = [KEY_POINT, PARAPHRASE, UNRELATED, *OTHERS]
    # Two loads, because one would answer the second question from memory.
    together = Embedder.load(MODEL).embed(texts)
    alone_embedder = Embedder.load(MODEL)
    alone = np.vstack([alone_embedder.embed([text]) for text in texts])

    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_a_lone_surrogate_is_read_as_an_unknown_character(embedder: Embedder) -> None:
    assert embedder.embed(["half an emoji \ud83d here"]).shape == (1, 384)


def test_only_the_beginning_of_a_long_text_counts(embedder: Embedder) -> None:
    opening = "the index is partitioned by day " * 100

    first, second = embedder.embed([opening, opening + "and then something else"])

    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", [embedder_module.MODEL_FILE, embedder_module.TOKENIZER_FILE])
def test_a_changed_byte_makes_the_model_unavailable(copied_model: Path, name: str) -> None:
    content = bytearray((copied_model / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied_model / name).write_bytes(content)

    with pytest.raises(EmbedderUnavailable, match=f"{name} .* damaged"):
        Embedder.load(copied_model)


@pytest.mark.parametrize(
    "name", [embedder_module.MODEL_FILE, embedder_module.TOKENIZER_FILE, embedder_module.SUMS_FILE]
)
def test_a_missing_file_makes_the_model_unavailable(copied_model: Path, name: str) -> None:
    (copied_model / name).unlink()

    with pytest.raises(EmbedderUnavailable, match=name):
        Embedder.load(copied_model)


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_without_its_runtime_the_model_is_unavailable(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(EmbedderUnavailable, match=package):
        Embedder.load(MODEL)


def test_a_repeated_sentence_is_answered_from_memory() -> None:
    encoder = CountingEncoder()
    embedder = Embedder(letters_as_tokens, encoder)

    first = embedder.embed(["one", "three", "one"])
    second = embedder.embed(["three", "one"])

    assert encoder.shapes == [(2, 5)]
    assert first[:, 0].tolist() == [3, 5, 3]
    assert second[:, 0].tolist() == [5, 3]


def test_changing_a_returned_row_does_not_change_what_is_remembered() -> None:
    embedder = Embedder(letters_as_tokens, CountingEncoder())

    embedder.embed(["one"])[:] = 7

    assert embedder.embed(["one"])[0, 0] == 3


def test_the_longest_unused_sentence_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedder_module, "CACHED_TEXTS", 2)
    encoder = CountingEncoder()
    embedder = Embedder(letters_as_tokens, encoder)

    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        embedder.embed([text])

    assert encoder.shapes == [(1, 1), (1, 2), (1, 3), (1, 2)]


def test_sentences_of_similar_length_share_a_batch_and_come_back_in_order() -> None:
    encoder = CountingEncoder()
    lengths = [length for pair in zip(range(1, 17), range(101, 117), strict=True) for length in pair]

    rows = Embedder(letters_as_tokens, encoder).embed(["x" * length for length in lengths])

    assert encoder.shapes == [(16, 16), (16, 116)]
    assert rows[:, 0].tolist() == lengths


def test_threads_can_share_one_embedder(embedder: Embedder) -> None:
    texts = [f"shard {number} is moved to another node" for number in range(24)]

    def embed(order: Sequence[int]) -> Vectors:
        return embedder.embed([texts[position] for position in order])

    orders = [list(range(24)), list(range(23, -1, -1)), list(range(0, 24, 2)), list(range(1, 24, 2))]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(embed, orders))

    expected = embedder.embed(texts)
    for order, rows in zip(orders, results, strict=True):
        np.testing.assert_allclose(rows, expected[order], atol=1e-5)
