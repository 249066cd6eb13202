"""Turns sentences into vectors with the MiniLM model carried in the package, without any network."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

DIMENSIONS = 384
MAX_TOKENS = 128
MAX_BATCH = 16
CACHED_TEXTS = 8192

# The tokenizer reads a whole text before cutting it to MAX_TOKENS. 128 tokens of prose are about 600
# characters, so this keeps a pasted megabyte from costing a second and changes nothing else.
MAX_CHARACTERS = 8_000

MODEL_FILE = "minilm-l6-v2-int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
SUMS_FILE = "SHA256SUMS"

Vectors = npt.NDArray[np.float32]
TokenIds = npt.NDArray[np.int64]
Tokenize = Callable[[str], list[int]]
Encode = Callable[[TokenIds, TokenIds], Vectors]


class EmbedderUnavailable(Exception):
    """The model cannot be used here. `reason` is one sentence that names the package or file at fault."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Embedder:
    """Sentence vectors with a memory of recent texts. Safe to share between threads.

    `tokenize` gives the token ids of one text, at most MAX_TOKENS. `encode` takes ids and mask (both n x t,
    int64, mask 1 for a token and 0 for padding) and gives unit vectors (n x 384).
    """

    def __init__(self, tokenize: Tokenize, encode: Encode) -> None:
        self._tokenize = tokenize
        self._encode = encode
        self._recent: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        # One at a time: it uses the cores well by itself, and every further call at once costs memory that stays.
        self._encoding = threading.Lock()

    @classmethod
    def load(cls, folder: Path) -> Embedder:
        """Open the model in `folder`, which holds the model, tokenizer.json and SHA256SUMS.

        Raises EmbedderUnavailable when onnxruntime or tokenizers is not installed, a file is missing, or a
        file does not have the sha256 that SHA256SUMS gives for it.
        """
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise EmbedderUnavailable(f"the package {error.name or error} is not installed") from error

        sums = _read_sums(folder)
        model = _read_checked(folder, MODEL_FILE, sums)
        vocabulary = _read_checked(folder, TOKENIZER_FILE, sums)

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.inter_op_num_threads = 1
        # Spinning threads would hold a core while the rest of a small server waits for it.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_str(vocabulary.decode("utf-8"))
        except Exception as error:
            raise EmbedderUnavailable(f"the installed runtime cannot open the model: {error}") from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)

        def tokenize(text: str) -> list[int]:
            # A lone surrogate, which a browser can send, is not valid UTF-8 and the tokenizer refuses it.
            valid = text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
            return list(tokenizer.encode(valid).ids)

        def encode(ids: TokenIds, mask: TokenIds) -> Vectors:
            vectors: Vectors = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            return vectors

        return cls(tokenize, encode)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, in order (n x 384, float32; n may be 0).

        A cosine is the dot product of two rows. Only the first MAX_TOKENS tokens of a text count. A vector
        does not depend on which other texts are in the call, beyond rounding of about 1e-7.
        """
        keys = [_key(text) for text in texts]
        known: dict[bytes, Vectors] = {}
        with self._lock:
            for key in keys:
                if key in self._recent:
                    self._recent.move_to_end(key)
                    known[key] = self._recent[key]

        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        fresh = dict(zip(missing, self._compute(list(missing.values())), strict=True))
        with self._lock:
            self._recent.update(fresh)
            while len(self._recent) > CACHED_TEXTS:
                self._recent.popitem(last=False)

        known |= fresh
        rows = np.empty((len(keys), DIMENSIONS), dtype=np.float32)
        for row, key in enumerate(keys):
            rows[row] = known[key]
        return rows

    def _compute(self, texts: Sequence[str]) -> list[Vectors]:
        tokens = [self._tokenize(text) for text in texts]
        # Neighbours of similar length share a batch, so that little time goes into padding.
        by_length = sorted(range(len(texts)), key=lambda position: len(tokens[position]))
        vectors: list[Vectors] = [np.empty(0, dtype=np.float32)] * len(texts)
        for start in range(0, len(by_length), MAX_BATCH):
            batch = by_length[start : start + MAX_BATCH]
            ids = np.zeros((len(batch), len(tokens[batch[-1]])), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, position in enumerate(batch):
                ids[row, : len(tokens[position])] = tokens[position]
                mask[row, : len(tokens[position])] = 1
            with self._encoding:
                encoded = self._encode(ids, mask)
            for position, vector in zip(batch, encoded, strict=True):
                # A view would keep the whole batch in memory for as long as one row is remembered.
                vectors[position] = vector.copy()
        return vectors


def _key(text: str) -> bytes:
    # A digest, so that what people said is not kept in memory longer than the call.
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _read_sums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / SUMS_FILE).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EmbedderUnavailable(f"{SUMS_FILE} of the embedded model cannot be read: {error}") from error
    return {name.strip(): digest for digest, _, name in (line.partition(" ") for line in lines)}


def _read_checked(folder: Path, name: str, sums: dict[str, str]) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise EmbedderUnavailable(f"{name} of the embedded model cannot be read: {error}") from error
    if hashlib.sha256(content).hexdigest() != sums.get(name):
        raise EmbedderUnavailable(f"{name} of the embedded model is damaged: see its sha256 in {SUMS_FILE}")
    return content
