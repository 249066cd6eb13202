"""Settings -> App: the one place that builds everything and hands it down."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from interviewer.adapters.calendar_file import as_calendar
from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.metered_model import MeteredModel
from interviewer.adapters.openai_model import Guard, LocalServer, OpenAIModel, ProbeReport, Profiles, find_local_servers
from interviewer.adapters.packs.library import Shelf, whole_library
from interviewer.adapters.prices import cost
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.report_files import EXPORTS
from interviewer.adapters.scenario_desk import Checked, Own, WritingDesk
from interviewer.adapters.scenario_files import Library, scenario_hash
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.adapters.token_counter import TokenCounter
from interviewer.domain.budget import Budget, Call, Ceiling
from interviewer.domain.finding import Catalogue
from interviewer.domain.interview import COACH, Usage
from interviewer.domain.scenario import Scenario
from interviewer.errors import InputError, SettingsError
from interviewer.flows.asking import EXAMPLES, QUESTION_CHARACTERS, Answer, ask
from interviewer.flows.ports import RATINGS, ChatModel, Matcher, Message, Prompts, Store
from interviewer.flows.reporting import Beside, beside
from interviewer.flows.retrying import RetryOffer, retry_offer
from interviewer.flows.spending import Settle, Spending
from interviewer.settings import OWNER, SCRIPTED, Settings, resources
from interviewer.worker import Meter, Worker

KEPT_MODELS = 32
DRAIN_SECONDS = 20.0
LOOPBACK = "http://127.0.0.1"
PROFILES = Profiles()  # what is known of servers, learned by every connection of this process
# A model on this machine may read a long prompt for a minute before its first word.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
LOCAL_TIMEOUT, LOCAL_DEADLINE = 120.0, 300.0  # seconds of silence, seconds in all
REMOTE_TIMEOUT, REMOTE_DEADLINE = 30.0, 120.0
KEY = re.compile(r"[\x21-\x7e]{0,300}")
PERSONAL = Guard(loopback=True)


@dataclass(frozen=True)
class Connection:
    """Where a language model is: address (None for OpenAI's own), model names, and a key that is never shown.

    `judge_model` is another model for grading, or "coach" for the built-in one; None means the same model. `own` says
    that a person brought it, `guarded` that it leads only to this machine and the public internet.
    """

    model: str
    base_url: str | None = None
    judge_model: str | None = None
    api_key: SecretStr = field(default=SecretStr(""), repr=False)
    own: bool = False
    guarded: bool = False

    @property
    def shown(self) -> str:
        """Model and host, without the key."""
        return f"{self.model} at {host_of(self.base_url) if self.base_url else 'OpenAI'}"


def host_of(base_url: str) -> str:
    """The host and port of an address, fit to show."""
    return urlsplit(base_url).netloc.rpartition("@")[2]


@dataclass(frozen=True)
class App:
    """Everything the pages and the command line work with, for one person. Built once a process.

    `owner` is whose interviews these are; `of` gives the same App for somebody else. `library` and `catalogue` are what
    the shelf held when this person's visit began.
    """

    settings: Settings
    store: Store
    matcher: Matcher
    prompts: Prompts
    library: Library
    catalogue: Catalogue
    worker: Worker
    clock: Callable[[], datetime]
    default_connection: Connection | None
    shelf: Shelf
    desk: WritingDesk
    owner: str = OWNER
    _models: dict[Connection, ChatModel] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def of(self, owner: str) -> App:
        """The same App for this person, with the library as it is now."""
        library, catalogue = self.shelf.now
        return replace(self, owner=owner, library=library, catalogue=catalogue)

    @property
    def shared(self) -> bool:
        """Whether more people than one use this server."""
        return self.settings.sharing != "one person"

    def connection(self, own: Connection | None = None) -> Connection | None:
        """The connection in use: the person's own, else the one from the settings; None means the coach."""
        return own or self.default_connection

    def model(self, connection: Connection | None, *, judge: bool = False) -> ChatModel | None:
        """The model behind a connection; None for the coach.

        A connection of the settings gives the same instance each time; at most 32 are kept. One that a person brought
        is kept in their session alone, since it holds their key.
        """
        if connection is None or (judge and connection.judge_model == COACH):
            return None
        name = (connection.judge_model or connection.model) if judge else connection.model
        if connection.own:
            return build_model(connection, name)
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
        """Let what is under way come to its end for a while, then stop it. Nothing new is begun."""
        self.worker.close(DRAIN_SECONDS)


@dataclass(frozen=True)
class Bench:
    """What grades and simulates without a database. `model` words the questions, `judge` grades; None is the coach."""

    library: Library
    matcher: Matcher
    prompts: Prompts
    clock: Callable[[], datetime]
    model: ChatModel | None
    judge: ChatModel | None


def build(settings: Settings, *, store: Store | None = None, clock: Callable[[], datetime] | None = None) -> App:
    """The whole application from its settings. Tests pass a store or a clock of their own."""
    wall, tick = clock or _now, clock or steady_clock(_now, _elapsed)
    kept = store or Database.open(settings.database)
    matcher = Coach.load()
    prompts = PromptFiles(resources() / "prompts")
    shelf = Shelf(lambda: library_of(settings))
    kept.interrupt_running()
    if settings.retention_days:
        kept.delete_before(wall() - timedelta(days=settings.retention_days))
    return App(
        settings=settings,
        store=kept,
        matcher=matcher,
        prompts=prompts,
        library=shelf.now.library,
        catalogue=shelf.now.catalogue,
        shelf=shelf,
        desk=WritingDesk(own_scenarios(settings), unsaved_scenarios(settings)),
        worker=Worker(kept, matcher, prompts, tick, meter=_meter(Spending(kept, budget_of(settings), wall))),
        clock=tick,
        default_connection=default_connection(settings),
    )


def budget_of(settings: Settings) -> Budget:
    """The ceilings that the settings name."""
    return Budget(
        interview=Ceiling(settings.interview_tokens, settings.interview_dollars),
        day=Ceiling(settings.day_tokens, settings.day_dollars, settings.day_requests),
        total=Ceiling(settings.total_day_tokens, settings.total_day_dollars, settings.total_day_requests),
    )


def _meter(spending: Spending) -> Meter:
    """Puts every model call behind the ceilings and into the ledger."""
    counter = TokenCounter()

    def metered(model: ChatModel, id: str | None, owner: str) -> ChatModel:
        address = model.base_url if isinstance(model, OpenAIModel) else LOOPBACK

        def price(usage: Usage) -> Call:
            return Call(model.name, usage, cost(model.name, address, usage))

        def reserve(most: Usage) -> Settle:
            return spending.reserve(most, price, owner=owner, interview=id)

        room = (lambda: model.room) if isinstance(model, OpenAIModel) else (lambda: 0)
        return MeteredModel(model, _counting(counter, model.name), reserve, room=room)

    return metered


def metered(settings: Settings, model: ChatModel) -> ChatModel:
    """The model behind the ceilings that the settings name, for a call from the command line; none: the model itself.

    What it takes counts for the day of the person at this computer.
    """
    budget = budget_of(settings)
    if budget == Budget():
        return model
    return _meter(Spending(Database.open(settings.database), budget, _now))(model, None, OWNER)


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


def unsaved_scenarios(settings: Settings) -> Path:
    """The folder of what this person typed in the editor and did not save yet."""
    return settings.data_dir.expanduser() / "unsaved"


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
        guard=PERSONAL if connection.guarded else None,
        count_tokens=_counting(TokenCounter(), name),
    )


def _counting(counter: TokenCounter, name: str) -> Callable[[Sequence[Message]], int]:
    """Counts the tokens of a request to the model of this name."""
    return lambda messages: counter.count_messages(
        [{"role": message["role"], "content": message["content"]} for message in messages], name
    )


def own_connection(
    settings: Settings,
    model: str,
    base_url: str = "",
    key: str = "",
    judge_model: str = "",
    *,
    guard: Guard = PERSONAL,
) -> Connection:
    """A connection as a person typed it in. An empty address means OpenAI's own. Raises InputError.

    On a shared server only the addresses of the settings are taken. Elsewhere `guard` looks at the address now, and
    again at every request.
    """
    name, address, secret = model.strip(), base_url.strip().rstrip("/"), key.strip()
    if not name:
        raise InputError("The name of the model is missing. Type it as the server calls it.")
    if not KEY.fullmatch(secret):
        raise InputError("The key has a character that no key has, or is too long. Copy it again.")
    listed = not address or address in settings.allowed_base_urls
    if not listed and settings.sharing != "one person":
        raise InputError("This server does not connect to addresses that are typed in. Choose one from the list.")
    if not listed:
        if not address.startswith(("http://", "https://")):
            raise InputError(f"The address '{address}' does not begin with http:// or https://. Correct it.")
        guard.check(address)
    return Connection(name, address or None, judge_model.strip() or None, SecretStr(secret), True, not listed)


def steady_clock(wall: Callable[[], datetime], elapsed: Callable[[], float]) -> Callable[[], datetime]:
    """A clock that goes on evenly from what `wall` says now. Setting the computer's clock moves no interview's time.

    `elapsed` gives seconds since any moment, as the computer counts them.
    """
    begun, at = wall(), elapsed()
    return lambda: begun + timedelta(seconds=elapsed() - at)


def _now() -> datetime:
    return datetime.now(UTC)


def _elapsed() -> float:
    """Seconds that pass also while the computer sleeps, where it can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


__all__ = [
    "COACH",
    "EXAMPLES",
    "EXPORTS",
    "OWNER",
    "QUESTION_CHARACTERS",
    "RATINGS",
    "Answer",
    "App",
    "Bench",
    "Beside",
    "Call",
    "Checked",
    "Connection",
    "LocalServer",
    "Own",
    "ProbeReport",
    "RetryOffer",
    "WritingDesk",
    "as_calendar",
    "ask",
    "beside",
    "build",
    "build_bench",
    "build_model",
    "default_connection",
    "find_local_servers",
    "host_of",
    "library_of",
    "metered",
    "own_connection",
    "own_scenarios",
    "packs_folder",
    "resources",
    "retry_offer",
    "scenarios_folder",
]
