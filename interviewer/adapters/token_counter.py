"""Counts the tokens of a text for a model, exactly where its vocabulary is known, without any network."""

from __future__ import annotations

import base64
import hashlib
import lzma
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

VOCABULARIES = Path(__file__).parent / "vocabularies"
DEFAULT_ENCODING = "o200k_base"

# Added to counts for a model whose vocabulary is not known. Against another vendor's tokenizer o200k_base
# gave 0.96 to 1.04 of the true count for English, Python and SQL, but 0.80 for German, which this does not
# cover. Too few is the costly side: a prompt that is longer than counted may be refused.
UNKNOWN_MODEL_MARGIN_PERCENT = 15

# Role names and separators. Providers do not publish them for every model; 3 to 4 a message is usual.
TOKENS_PER_MESSAGE = 4
TOKENS_PER_REPLY = 3

# tiktoken before 0.13 takes quadratic time over an unbroken run of letters, so long texts are counted in
# pieces. At this size a megabyte of one letter took 0.7 s there instead of 7 s with pieces of 20,000.
PIECE_CHARACTERS = 2_000

LoadVocabulary = Callable[[str, str | None], dict[bytes, int]]

# tiktoken's loader is one per process, so the lock around its replacement is as well.
_LOADING = threading.Lock()


class TokenCounterUnavailable(Exception):
    """Tokens cannot be counted here. The message names the package or file at fault."""


class TokenCounter:
    """Counts tokens with vocabularies read from `folder`. Safe to share between threads.

    The first count for a vocabulary reads it, about half a second of CPU. Nothing is written to disk. Both
    methods raise TokenCounterUnavailable when tiktoken is not installed or a vocabulary is missing or
    damaged.
    """

    def __init__(self, folder: Path = VOCABULARIES) -> None:
        self._folder = folder
        self._encodings: dict[str, Encoding] = {}

    def count(self, text: str, model: str) -> int:
        """Return the number of tokens of `text`. Special tokens such as <|endoftext|> count as plain text.

        Exact for OpenAI models with an o200k or cl100k vocabulary. Any other name is counted as o200k_base
        plus UNKNOWN_MODEL_MARGIN_PERCENT, rounded up. Texts over PIECE_CHARACTERS are cut at white space,
        or anywhere if there is none, which can change the count by a few tokens per cut.
        """
        encoding, margin = self._encoding_for(model)
        return _with_margin(_count(encoding, text), margin)

    def count_messages(self, messages: Sequence[Mapping[str, str]], model: str) -> int:
        """Return the number of tokens of a chat request: the `content` of every message and an overhead.

        The overhead is an approximation: TOKENS_PER_MESSAGE for each message and TOKENS_PER_REPLY for the
        start of the reply. The margin for an unknown model is added to the total.
        """
        encoding, margin = self._encoding_for(model)
        content = sum(_count(encoding, message.get("content", "")) for message in messages)
        return _with_margin(content + TOKENS_PER_MESSAGE * len(messages) + TOKENS_PER_REPLY, margin)

    def _encoding_for(self, model: str) -> tuple[Encoding, int]:
        try:
            from tiktoken import encoding_name_for_model
        except ImportError as error:
            raise TokenCounterUnavailable(f"the package {error.name or error} is not installed") from error
        try:
            name = encoding_name_for_model(model.removeprefix("openai/"))
        except KeyError:
            name = ""
        # o200k_harmony is o200k_base with more special tokens, and none of those is looked for.
        name = name.replace("o200k_harmony", "o200k_base")
        if name in ("o200k_base", "cl100k_base"):
            return self._encoding(name), 0
        return self._encoding(DEFAULT_ENCODING), UNKNOWN_MODEL_MARGIN_PERCENT

    def _encoding(self, name: str) -> Encoding:
        if name not in self._encodings:
            with _LOADING:
                self._encodings[name] = _load(name, self._folder / f"{name}.tiktoken.xz")
        return self._encodings[name]


def _load(name: str, file: Path) -> Encoding:
    """Let tiktoken build the encoding from `file` where it would otherwise download the vocabulary."""
    import tiktoken
    from tiktoken_ext import openai_public

    try:
        original: LoadVocabulary = openai_public.load_tiktoken_bpe
    except AttributeError as error:
        # Going on would make tiktoken open a connection.
        raise TokenCounterUnavailable("this version of tiktoken loads vocabularies in another way") from error

    def read(address: str, expected_hash: str | None = None) -> dict[bytes, int]:
        if not address.endswith(f"/{name}.tiktoken"):
            # Another thread may be loading another vocabulary through tiktoken itself.
            return original(address, expected_hash)
        return _read_vocabulary(file, expected_hash)

    openai_public.load_tiktoken_bpe = read
    try:
        return tiktoken.get_encoding(name)
    finally:
        openai_public.load_tiktoken_bpe = original


def _read_vocabulary(file: Path, expected_hash: str | None) -> dict[bytes, int]:
    try:
        content = lzma.decompress(file.read_bytes())
    except (OSError, lzma.LZMAError) as error:
        raise TokenCounterUnavailable(f"{file.name} cannot be read: {error}") from error
    if hashlib.sha256(content).hexdigest() != expected_hash:
        raise TokenCounterUnavailable(f"{file.name} does not have the sha256 that tiktoken expects")
    pairs = (line.split() for line in content.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def _count(encoding: Encoding, text: str) -> int:
    return sum(len(encoding.encode_ordinary(piece)) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > PIECE_CHARACTERS:
        end = start + PIECE_CHARACTERS
        # A token may begin with a space and seldom ends with one, so the space goes to the next piece.
        cut = text.rfind(" ", start + 1, end)
        if cut < 0:
            cut = text.rfind("\n", start + 1, end)
        if cut < 0:
            cut = end
        yield text[start:cut]
        start = cut
    yield text[start:]


def _with_margin(tokens: int, percent: int) -> int:
    return -(-tokens * (100 + percent) // 100)
