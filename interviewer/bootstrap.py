"""Settings -> App: the one place that builds everything and hands it down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.metered_model import MeteredModel
from interviewer.adapters.openai_model import LocalServer, OpenAIModel, ProbeReport, Profiles, find_local_servers
from interviewer.adapters.packs.library import whole_library
from interviewer.adapters.prices import cost
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.reports import as_json, as_markdown
from interviewer.adapters.scenario_files import Library, scenario_hash
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.adapters.token_counter import TokenCounter
from interviewer.domain.budget import Budget, Call, Ceiling, refusal
from interviewer.domain.interview import COACH, Usage
from interviewer.domain.scenario import Scenario
from interviewer.errors import InputError, SettingsError
from interviewer.flows.judging import ARGUMENT_CHARACTERS
from interviewer.flows.ports import RATINGS, ChatModel, Matcher, Message, Prompts, Store
from interviewer.flows.retrying import RetryOffer, retry_offer
from interviewer.settings import SCRIPTED, Settings
from interviewer.worker import Meter, Worker

OWNER = "local"
KEPT_MODELS = 32
LOOPBACK = "http://127.0.0.1"
PROFILES = Profiles()  # what is known of servers, learned by every connection of this process
# A model on this machine may read a long prompt for a minute before its first word.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
LOCAL_TIMEOUT, LOCAL_DEADLINE = 120.0, 300.0  # seconds of silence, seconds in all
REMOTE_TIMEOUT, REMOTE_DEADLINE = 30.0, 120.0


@dataclass(frozen=True)
class Connection:
    """Where a language model is: address (None for OpenAI's own), model names, and a key that is never shown.

    `judge_model` is another model for grading, or "coach" for the built-in one; None means the same model.
    """

    model: str
    base_url: str | None = None
    judge_model: str | None = None
    api_key: SecretStr = field(default=SecretStr(""), repr=False)

    @property
    def shown(self) -> str:
        """Model and host, without the key."""
        host = urlsplit(self.base_url).netloc.rpartition("@")[2] if self.base_url else "OpenAI"
        return f"{self.model} at {host}"


@dataclass(frozen=True)
class App:
    """Everything the pages and the command line work with. Built once a process."""

    settings: Settings
    store: Store
    matcher: Matcher
    prompts: Prompts
    library: Library
    worker: Worker
    clock: Callable[[], datetime]
    default_connection: Connection | None
    _models: dict[Connection, ChatModel] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def connection(self, own: Connection | None = None) -> Connection | None:
        """The connection in use: the person's own, else the one from the settings; None means the coach."""
        return own or self.default_connection

    def model(self, connection: Connection | None, *, judge: bool = False) -> ChatModel | None:
        """The model behind a connection; None for the coach.

        The same connection gives the same instance, which remembers what its server can do. At most 32 are kept, in
        memory only; a connection with another key is another one.
        """
        if connection is None or (judge and connection.judge_model == COACH):
            return None
        name = (connection.judge_model or connection.model) if judge else connection.model
        wanted = replace(connection, model=name, judge_model=None)
        with self._lock:
            model = self._models.pop(wanted, None) or build_model(connection, name)
            self._models[wanted] = model
            while len(self._models) > KEPT_MODELS:
                self._models.pop(next(iter(self._models)))
        return model

    def probe(self, connection: Connection) -> ProbeReport:
        """Try the connection; the report says in words what works. Never raises for a fault of the server."""
        model = build_model(connection, connection.model)
        if not isinstance(model, OpenAIModel):
            raise SettingsError("The scripted demo has no server to test.")
        return model.probe()

    def scenario(self, id: str) -> Scenario | None:
        return self.library.scenarios.get(id)

    def scenario_hash(self, scenario: Scenario) -> str:
        return self.library.hashes.get(scenario.id) or scenario_hash(scenario)

    def close(self) -> None:
        self.worker.close()


@dataclass(frozen=True)
class Bench:
    """What grades and simulates without a database. `model` words the questions, `judge` grades; None is the coach."""

    library: Library
    matcher: Matcher
    prompts: Prompts
    clock: Callable[[], datetime]
    model: ChatModel | None
    judge: ChatModel | None


def resources() -> Path:
    """The folder with prompts/ and scenarios/: inside an installed wheel, or the repository."""
    bundled = Path(__file__).parent / "bundled"
    return bundled if bundled.is_dir() else Path(__file__).parent.parent


def build(settings: Settings, *, store: Store | None = None, clock: Callable[[], datetime] | None = None) -> App:
    """The whole application from its settings. Tests pass a store or a clock of their own."""
    tick = clock or _now
    kept = store or Database.open(settings.database)
    matcher = Coach.load()
    prompts = PromptFiles(resources() / "prompts")
    library = library_of(settings)
    kept.interrupt_running()
    return App(
        settings=settings,
        store=kept,
        matcher=matcher,
        prompts=prompts,
        library=library,
        worker=Worker(kept, matcher, prompts, tick, meter=_meter(kept, budget_of(settings), tick)),
        clock=tick,
        default_connection=default_connection(settings),
    )


def budget_of(settings: Settings) -> Budget:
    """The ceilings that the settings name."""
    return Budget(
        interview=Ceiling(settings.interview_tokens, settings.interview_dollars),
        day=Ceiling(settings.day_tokens, settings.day_dollars),
    )


def _meter(store: Store, budget: Budget, clock: Callable[[], datetime]) -> Meter:
    """Puts every model call behind the ceilings and into the ledger."""
    counter = TokenCounter()

    def metered(model: ChatModel, id: str, owner: str) -> ChatModel:
        address = model.base_url if isinstance(model, OpenAIModel) else LOOPBACK

        def call(usage: Usage) -> Call:
            return Call(model.name, usage, cost(model.name, address, usage))

        def may_spend(most: Usage) -> str:
            if budget == Budget():
                return ""
            today = clock().replace(hour=0, minute=0, second=0, microsecond=0)
            own, all_of_today = store.calls(owner=owner, id=id), store.calls(owner=owner, since=today)
            return refusal(call(most), own, all_of_today, budget)

        def spent(usage: Usage) -> None:
            if usage.input_tokens or usage.output_tokens:
                store.add_call(id, call(usage), owner=owner)

        room = (lambda: model.room) if isinstance(model, OpenAIModel) else (lambda: 0)
        return MeteredModel(model, _counting(counter, model.name), may_spend, spent, room=room)

    return metered


def build_bench(settings: Settings) -> Bench:
    """The parts of the application that the command line works with. Nothing is opened or sent yet."""
    connection = default_connection(settings)
    return Bench(
        library=library_of(settings),
        matcher=Coach.load(),
        prompts=PromptFiles(resources() / "prompts"),
        clock=_now,
        model=build_model(connection, connection.model) if connection else None,
        judge=(
            build_model(connection, connection.judge_model or connection.model)
            if connection and connection.judge_model != COACH
            else None
        ),
    )


def scenarios_folder(settings: Settings) -> Path:
    """The folder the settings name, or the shipped one."""
    return settings.scenarios_dir or resources() / "scenarios"


def own_scenarios(settings: Settings) -> Path:
    """The folder of what this person imported or wrote."""
    return settings.data_dir.expanduser() / "scenarios"


def packs_folder(settings: Settings) -> Path:
    """The folder of the packs that were added."""
    return settings.data_dir.expanduser() / "packs"


def library_of(settings: Settings) -> Library:
    """The shipped scenarios (or those of the folder that the settings name), the person's own, and those of packs."""
    return whole_library(scenarios_folder(settings), own_scenarios(settings), packs_folder(settings))


def default_connection(settings: Settings) -> Connection | None:
    """The model that the settings name; None for the coach. Raises SettingsError when `llm` is asked without one."""
    if settings.engine == "coach":
        return None
    if settings.model:
        return Connection(
            model=settings.model,
            base_url=settings.openai_base_url,
            judge_model=settings.judge_model,
            api_key=settings.openai_api_key or SecretStr(""),
        )
    if settings.engine == "llm":
        raise SettingsError("The engine llm needs a model, and INTERVIEWER_MODEL is not set. Name the model to use.")
    return None


def build_model(connection: Connection, name: str) -> ChatModel:
    """The adapter for one model. Nothing is sent yet."""
    if name == SCRIPTED:
        return ScriptedModel.demo()
    local = connection.base_url is not None and urlsplit(connection.base_url).hostname in LOCAL_HOSTS
    return OpenAIModel(
        name,
        connection.api_key.get_secret_value(),
        connection.base_url,
        timeout=LOCAL_TIMEOUT if local else REMOTE_TIMEOUT,
        deadline=LOCAL_DEADLINE if local else REMOTE_DEADLINE,
        profiles=PROFILES,
        count_tokens=_counting(TokenCounter(), name),
    )


def _counting(counter: TokenCounter, name: str) -> Callable[[Sequence[Message]], int]:
    """Counts the tokens of a request to the model of this name."""
    return lambda messages: counter.count_messages(
        [{"role": message["role"], "content": message["content"]} for message in messages], name
    )


def own_connection(model: str, base_url: str = "", key: str = "", judge_model: str = "") -> Connection:
    """A connection as a person typed it in. An empty address means OpenAI's own. Raises InputError."""
    name, address = model.strip(), base_url.strip().rstrip("/")
    if not name:
        raise InputError("The name of the model is missing. Type it as the server calls it.")
    if address and not address.startswith(("http://", "https://")):
        raise InputError(f"The address '{address}' does not begin with http:// or https://. Correct it.")
    return Connection(name, address or None, judge_model.strip() or None, SecretStr(key.strip()))


def _now() -> datetime:
    return datetime.now(UTC)


__all__ = [
    "ARGUMENT_CHARACTERS",
    "COACH",
    "OWNER",
    "RATINGS",
    "App",
    "Bench",
    "Call",
    "Connection",
    "LocalServer",
    "ProbeReport",
    "RetryOffer",
    "as_json",
    "as_markdown",
    "build",
    "build_bench",
    "build_model",
    "default_connection",
    "find_local_servers",
    "library_of",
    "own_connection",
    "own_scenarios",
    "packs_folder",
    "resources",
    "retry_offer",
    "scenarios_folder",
]
