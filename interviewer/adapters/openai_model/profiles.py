"""What a server and model take: a first guess from address and name, corrected by what the server refuses."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

OPENAI = "https://api.openai.com/v1"

Limit = Literal["max_tokens", "max_completion_tokens"]
Rung = Literal["json_schema", "json_object", "prompt"]

RUNGS: tuple[Rung, ...] = ("json_schema", "json_object", "prompt")

# A reasoning model spends tokens before its first word; with fewer it may never reach one.
ROOM_FOR_REASONING = 4096
KEPT_PROFILES = 256

# Served on this machine, so nobody bills it. An address in the same network may be a gateway to a paid one.
_THIS_MACHINE = re.compile(r"localhost|127(\.\d{1,3}){3}|::1|host\.docker\.internal")

# o1, o3-mini, gpt-5, gpt-5.4-mini, gpt-6.1-sol, with or without a vendor's prefix.
_REASONS = re.compile(r"(?:.*/)?(?:o\d|gpt-[5-9])", re.IGNORECASE)
# They answer at once: gpt-5-chat-latest takes a temperature and no effort, and so does what is called alike.
_CHATS = re.compile(r"(?:.*/)?gpt-\d[\d.]*-chat", re.IGNORECASE)
# gpt-5-pro knows no effort but high; o1-mini and o1-preview know none.
_FIXED_EFFORT = re.compile(r"(?:.*/)?(?:gpt-[\d.]+-pro|o\d-pro|o1-mini|o1-preview)", re.IGNORECASE)
_GPT_OSS = re.compile(r"(?:.*/)?gpt-oss", re.IGNORECASE)
# Flash-Lite of 2.5 does not think unless it is told to.
_GEMINI_THINKS = re.compile(r"(?:models/)?gemini-(?:2\.5-(?!flash-lite)|[3-9])", re.IGNORECASE)

_AZURE_HOSTS = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")
_PORTS = {11434: "ollama", 1234: "lm-studio", 8080: "llama.cpp", 8000: "vllm"}
_HOSTS = {
    "api.openai.com": "openai",
    "api.deepseek.com": "deepseek",
    "api.groq.com": "groq",
    "generativelanguage.googleapis.com": "gemini",
    "ollama.com": "ollama",
    "openrouter.ai": "openrouter",
}
# Where these servers answer, for an address that was given without a path.
_PATHS = {
    "openai": "/v1",
    "azure": "/openai/v1",
    "groq": "/openai/v1",
    "gemini": "/v1beta/openai",
    "openrouter": "/api/v1",
    "ollama": "/v1",
    "lm-studio": "/v1",
    "llama.cpp": "/v1",
    "vllm": "/v1",
}


@dataclass(frozen=True)
class Guess:
    """What to send at first. `effort` is for replies that somebody waits for; grading keeps the model's own.

    `room` is the smallest limit to send, `rungs` the forms of a structured reply that are worth a try.
    """

    limit: Limit = "max_tokens"
    temperature: bool = True
    effort: str | None = None
    room: int = 0
    rungs: tuple[Rung, ...] = RUNGS


def server_kind(base_url: str | None) -> str:
    """The server behind an address as far as host and port tell: "openai", "ollama", ...; "" for an unknown one."""
    address = _split(base_url)
    host = (address.hostname or "") if address else ""
    if host.endswith(_AZURE_HOSTS):
        return "azure"
    if host in _HOSTS or address is None:
        return _HOSTS.get(host, "")
    return _PORTS.get(_port(address) or 0, "") if _THIS_MACHINE.fullmatch(host) else ""


def is_this_machine(base_url: str | None) -> bool:
    address = _split(base_url)
    return bool(address and _THIS_MACHINE.fullmatch(address.hostname or ""))


def host_of(base_url: str | None) -> str:
    """The host's name in lower case; "" for an address that cannot be one."""
    address = _split(base_url)
    return (address.hostname or "") if address else ""


def completed(base_url: str | None) -> str:
    """The address to use: OpenAI's own for none, and with the path that a known server is known to answer at."""
    given = (base_url or OPENAI).strip().rstrip("/")
    address = _split(given)
    if address is None or address.path or address.query:
        return given
    return given + _PATHS.get(server_kind(given), "")


def first_guess(base_url: str | None, model: str) -> Guess:
    """What to send to this model before anything is known of it.

    Only what a provider documents, or an error message shows, stands here; the rest is found by trying:
    - Reasoning models of OpenAI: no max_tokens, no temperature but 1, reasoning tokens count towards the limit
      (https://developers.openai.com/api/docs/guides/reasoning). All but the fixed ones know the effort "low".
    - DeepSeek: "This response_format type is unavailable now" for json_schema, and thinking unless it is switched off,
      with the efforts low, high and max (https://api-docs.deepseek.com/guides/thinking_mode).
    - LM Studio: "'response_format.type' must be 'json_schema' or 'text'".
    - Gemini: efforts high, low, medium and none; thoughts count as output.
    - gpt-oss takes low, medium and high at Groq (https://console.groq.com/docs/reasoning) and with Ollama
      (https://docs.ollama.com/api/openai-compatibility).
    - OpenRouter names the limit max_tokens for every model (https://openrouter.ai/docs/api-reference/overview).
    Groq refused streamed JSON once and Azure's deployments have any name, so for both nothing more is assumed.
    """
    kind = server_kind(base_url)
    reasons = bool(_REASONS.match(model)) and not _CHATS.match(model)
    renamed = kind == "openai" or _REASONS.match(model) is not None
    limit: Limit = "max_completion_tokens" if renamed and kind != "openrouter" else "max_tokens"
    if reasons:
        effort = None if _FIXED_EFFORT.match(model) else "low"
        return Guess(limit, temperature=False, effort=effort, room=ROOM_FOR_REASONING)
    if kind == "deepseek":
        return Guess(limit, effort="low", room=ROOM_FOR_REASONING, rungs=("json_object", "prompt"))
    if kind == "gemini" and _GEMINI_THINKS.match(model):
        return Guess(limit, effort="low", room=ROOM_FOR_REASONING)
    if kind in ("groq", "ollama") and _GPT_OSS.match(model):
        return Guess(limit, effort="low", room=ROOM_FOR_REASONING)
    if kind == "lm-studio":
        return Guess(limit, rungs=("json_schema", "prompt"))
    return Guess(limit)


class Profile:
    """What a server and model take: the first guess and what was learned since. Safe to share between threads."""

    def __init__(self, guess: Guess) -> None:
        other: Limit = "max_tokens" if guess.limit == "max_completion_tokens" else "max_completion_tokens"
        self._limits = (guess.limit, other)
        self._refused = set() if guess.temperature else {"temperature"}
        self._effort = guess.effort
        self._rungs = guess.rungs
        self._room = guess.room
        self._lock = threading.Lock()

    def parameters(
        self, max_tokens: int, temperature: float, response_format: dict[str, Any] | None, *, quick: bool = False
    ) -> dict[str, Any]:
        """The request's parameters, as far as the server is known to take them. `quick` asks for little reasoning."""
        with self._lock:
            limit = next((name for name in self._limits if name not in self._refused), None)
            wanted: dict[str, Any] = {
                "temperature": temperature,
                "stream_options": {"include_usage": True},
            }
            if limit:
                wanted[limit] = max(max_tokens, self._room)
            if quick and self._effort:
                wanted["reasoning_effort"] = self._effort
            if response_format:
                wanted["response_format"] = response_format
            return {name: value for name, value in wanted.items() if name not in self._refused}

    @property
    def room(self) -> int:
        """The smallest limit of a reply that is sent, whatever was asked for."""
        return self._room

    def leave_out(self, parameter: str) -> None:
        with self._lock:
            self._refused.add(parameter)

    def give_room_for_reasoning(self) -> None:
        with self._lock:
            self._room = ROOM_FOR_REASONING

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """The rungs of the ladder that are worth trying, the best one first."""
        return self._rungs

    def step_to(self, rung: Rung) -> None:
        """Start from this rung from now on, unless already below it."""
        with self._lock:
            self._rungs = self._from(rung)

    def step_below(self, rung: Rung) -> None:
        """Never try this rung again; the last one stays."""
        with self._lock:
            self._rungs = self._from(RUNGS[min(RUNGS.index(rung) + 1, len(RUNGS) - 1)])

    def climb(self) -> None:
        """The best rung was seen to work: start from it, whatever was guessed."""
        with self._lock:
            self._rungs = RUNGS

    def _from(self, rung: Rung) -> tuple[Rung, ...]:
        return tuple(other for other in self._rungs if RUNGS.index(other) >= RUNGS.index(rung))


class Profiles:
    """The profiles of every server and model that was talked to. Models that share it learn from one another."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Profile] = {}
        self._lock = threading.Lock()

    def of(self, base_url: str | None, model: str) -> Profile:
        """The profile of this model at this address: the same one each time, a first guess the first time."""
        key = (completed(base_url), model)
        with self._lock:
            profile = self._known.pop(key, None) or Profile(first_guess(base_url, model))
            self._known[key] = profile
            while len(self._known) > KEPT_PROFILES:
                self._known.pop(next(iter(self._known)))
        return profile


def _split(base_url: str | None) -> SplitResult | None:
    try:
        address = urlsplit((base_url or OPENAI).strip())
    except ValueError:
        return None
    return address if address.scheme in ("http", "https") else None


def _port(address: SplitResult) -> int | None:
    try:
        return address.port
    except ValueError:
        return None
