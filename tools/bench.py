"""Measures what the product adds: the tokens that an interview sends, and the time to a follow-up and to a first token.

    make bench                       everything
    python tools/bench.py tokens     only the tokens, which do not depend on the machine

Both times of a comparison come from one run, in turns, and medians are quoted: single times on a shared machine mean
little. Exit status 1 when a figure is outside its bound.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice, pairwise, takewhile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import BaseModel  # noqa: E402

from interviewer.adapters.openai_model import OpenAIModel  # noqa: E402
from interviewer.adapters.openai_model.shapes import response_format  # noqa: E402
from interviewer.adapters.prompt_files import PromptFiles  # noqa: E402
from interviewer.adapters.scenario_files import load_folder  # noqa: E402
from interviewer.adapters.token_counter import TokenCounter  # noqa: E402
from interviewer.bootstrap import OWNER, App, build, resources  # noqa: E402
from interviewer.domain.interview import Interview, Move, Turn, Usage  # noqa: E402
from interviewer.domain.scenario import Probe, Scenario  # noqa: E402
from interviewer.flows.judging import Judged, ModelJudge  # noqa: E402
from interviewer.flows.ports import Message, Parsed  # noqa: E402
from interviewer.flows.simulating import scripted_candidate  # noqa: E402
from interviewer.flows.wording import wording_request  # noqa: E402
from interviewer.settings import Settings  # noqa: E402
from tests.fakes.http_server import FakeServer  # noqa: E402

DECIDED_P95_SECONDS = 0.150
FIRST_TOKEN_MORE_SECONDS = 0.050
ROUNDS = 40

MODEL = "gpt-4.1"  # its vocabulary, o200k, is also that of the later ones
ANSWER_WORDS = 118
TURNS = 10  # of the interview whose sum is measured
AT_TURN_10, GROWTH_TO_50, WHOLE = 1_500, 1.1, 11_000
# developers.openai.com/api/docs/guides/prompt-caching: exact prefixes of 1,024 tokens and more, in steps of 128. The
# newest models cost a tenth for what is served from the cache.
CACHED_FROM, CACHE_STEP, CACHED_SHARE = 1_024, 128, 0.1
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def submit_to_follow_up(app: App) -> list[float]:
    """Seconds from submitting an answer to the stored follow-up, over ten-follow-up interviews on every scenario."""
    seconds = []
    for scenario in app.library.scenarios.values():
        for candidate in ("strong", "weak"):
            stored = app.worker.start(
                scenario,
                app.scenario_hash(scenario),
                owner=OWNER,
                mode="practice",
                level="senior",
                max_probes=10,
                engine="coach",
            )
            speaker = scripted_candidate(candidate, scenario, 1)
            for number in range(12):
                interview = app.store.load(stored.id, owner=OWNER).interview
                if interview.is_finished:
                    break
                text = speaker.answer(interview)
                began = time.perf_counter()
                app.worker.answer(stored.id, text, owner=OWNER, key=str(number))
                while live := app.worker.reply_of(stored.id, owner=OWNER):
                    live.wait(5)
                seconds.append(time.perf_counter() - began)
    return seconds


def first_tokens() -> tuple[list[float], list[float]]:
    """Seconds to the first text of the same streamed reply: through the raw SDK, and through our adapter, in turns."""
    import openai

    raw, ours = [], []
    messages = [{"role": "user", "content": "Ask me something."}]
    with FakeServer(first=0.05, rate=200) as server:
        client = openai.OpenAI(base_url=server.base_url, api_key="bench", max_retries=0)
        model = OpenAIModel("bench", "bench", server.base_url)
        for _ in range(ROUNDS):
            began = time.perf_counter()
            stream = client.chat.completions.create(model="bench", messages=messages, stream=True)  # type: ignore[call-overload]
            for chunk in stream:
                if chunk.choices and chunk.choices[0].delta.content:
                    raw.append(time.perf_counter() - began)
                    break
            stream.close()
            began = time.perf_counter()
            reply = model.stream(messages, max_tokens=60)  # type: ignore[arg-type]
            for piece in reply:
                if piece:
                    ours.append(time.perf_counter() - began)
                    break
            reply.close()
    return raw[3:], ours[3:]


class Request(NamedTuple):
    """What is sent, as the text that a prompt cache compares, and how many tokens that is."""

    text: str
    tokens: int


class Tokens(NamedTuple):
    """The input tokens of one scenario's interview. `whole` counts what a prompt cache serves as a tenth."""

    scenario: str
    at_2: int
    at_10: int
    at_50: int
    questions: int
    grade: int
    cached: int
    whole: float


class Recorder:
    """A ChatModel that keeps what it is asked and finds nothing."""

    name = MODEL

    def __init__(self) -> None:
        self.asked: list[list[Message]] = []

    def stream(self, messages: Sequence[Message], *, max_tokens: int, stop: threading.Event | None = None) -> object:
        raise NotImplementedError

    def parse(
        self,
        messages: Sequence[Message],
        shape: type[BaseModel],
        *,
        max_tokens: int,
        stop: threading.Event | None = None,
    ) -> Parsed:
        self.asked.append(list(messages))
        return Parsed(Judged(findings=[]), Usage(), "recorded")


def answers(scenario: Scenario) -> Iterator[str]:
    """Answers of 118 words about the scenario, no two of the first fifty alike."""
    texts = [text for point in scenario.key_points for text in (point.strong, *point.phrasings, *point.near_misses)]
    words = cycle(word for text in texts if text for word in text.split())
    while True:
        yield " ".join(islice(words, ANSWER_WORDS))


def probe_move(probe: Probe) -> Move:
    return Move(
        kind="probe",
        text=f"I see. {probe.ask}",
        lead="I see.",
        ask=probe.ask,
        probe=probe.id,
        type=probe.type,
        target=probe.targets[0],
        reason="for the measurement",
    )


def interviews(scenario: Scenario) -> Iterator[tuple[Interview, Move]]:
    """The interview after each answer, without end, and the follow-up that is to be worded next."""
    opening = Move(kind="open", text=scenario.question, reason="the scenario's question")
    interview = Interview(scenario=scenario, started_at=NOW)
    moves = cycle(map(probe_move, sorted(scenario.probes, key=lambda probe: -len(probe.ask))))
    said = answers(scenario)
    move = opening
    while True:
        for role, text, made in (("interviewer", move.text, move), ("candidate", next(said), None)):
            turn = Turn(seq=len(interview.turns), role=role, text=text, at=NOW, move=made)  # type: ignore[arg-type]
            interview = interview.with_turn(turn)
        move = next(moves)
        yield interview, move


def request(messages: Sequence[Message], counter: TokenCounter, shape: type[BaseModel] | None = None) -> Request:
    """The messages as one text, with the schema of the reply before them, where providers put it."""
    schema = f"{response_format(shape)}\n" if shape else ""
    told = [{"role": message["role"], "content": message["content"]} for message in messages]
    text = schema + "\n".join(f"{message['role']}: {message['content']}" for message in told)
    return Request(text, counter.count_messages(told, MODEL) + counter.count(schema, MODEL))


def cached(requests: Sequence[Request], counter: TokenCounter) -> int:
    """The input tokens that each of these requests shares with the one before it and a cache may serve."""
    total = 0
    for before, after in pairwise(requests):
        pairs = zip(before.text, after.text, strict=False)
        same = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        shared = counter.count(same, MODEL)
        total += shared - shared % CACHE_STEP if shared >= CACHED_FROM else 0
    return total


def tokens_of(scenario: Scenario, counter: TokenCounter) -> Tokens:
    """What an interview about this scenario sends, with a grade in one call after ten answers."""
    prompts = PromptFiles(resources() / "prompts")
    states = list(islice(interviews(scenario), 50))
    asked = [request(wording_request(state, move, prompts).messages, counter) for state, move in states]
    recorder = Recorder()
    judge = ModelJudge(states[TURNS - 1][0], recorder, prompts)  # type: ignore[arg-type]
    judge.findings("rubric", lambda share: None, None, lambda unfinished: None)
    graded = [request(messages, counter, Judged) for messages in recorder.asked]
    served = cached(asked[:TURNS], counter) + cached(graded, counter)
    questions, grade = (sum(sent.tokens for sent in kind) for kind in (asked[:TURNS], graded))
    whole = questions + grade - served * (1 - CACHED_SHARE)
    return Tokens(scenario.id, asked[1].tokens, asked[9].tokens, asked[49].tokens, questions, grade, served, whole)


def report_tokens() -> bool:
    """Print the tokens of the dearest scenario against the bounds, and of all of them. Gives whether all are kept."""
    counter = TokenCounter()
    measured = [tokens_of(scenario, counter) for scenario in load_folder(resources() / "scenarios").scenarios.values()]
    at_10 = max(measured, key=lambda tokens: tokens.at_10)
    growth = max(measured, key=lambda tokens: tokens.at_50 / tokens.at_10)
    whole = max(measured, key=lambda tokens: tokens.whole)
    print(f"Input tokens ({MODEL}), answers of {ANSWER_WORDS} words, the dearest of {len(measured)} scenarios\n")
    print("| what | tokens | bound |")
    print("|---|---|---|")
    print(f"| turn 2 ({at_10.scenario}) | {at_10.at_2:,} | |")
    print(f"| turn 10 ({at_10.scenario}) | {at_10.at_10:,} | {AT_TURN_10:,} |")
    print(f"| turn 50 over turn 10 ({growth.scenario}) | {growth.at_50 / growth.at_10:.2f} | {GROWTH_TO_50} |")
    parts = f"{whole.questions:,} for {TURNS} questions, {whole.grade:,} to grade, {whole.cached:,} of them cached"
    print(f"| whole interview ({whole.scenario}: {parts}) | {whole.whole:,.0f} | {WHOLE:,} |")
    print(f"\nWhole interview, median of the scenarios: {statistics.median(each.whole for each in measured):,.0f}.\n")
    return at_10.at_10 <= AT_TURN_10 and growth.at_50 <= GROWTH_TO_50 * growth.at_10 and whole.whole <= WHOLE


def main() -> None:
    kept = report_tokens()
    if sys.argv[1:] == ["tokens"]:
        sys.exit(None if kept else "A figure is outside its bound.")
    with tempfile.TemporaryDirectory() as folder:
        app = build(Settings(INTERVIEWER_DATA_DIR=Path(folder), INTERVIEWER_ENGINE="coach", _env_file=None))
        decided = submit_to_follow_up(app)
        app.close()
    raw, ours = first_tokens()
    p95 = percentile(decided, 0.95)
    more = statistics.median(ours) - statistics.median(raw)
    ratio = statistics.median(o / r for o, r in zip(ours, raw, strict=True))
    print("| what | median | p95 | bound |")
    print("|---|---|---|---|")
    print(
        f"| submit to follow-up stored, coach ({len(decided)} answers) | {statistics.median(decided) * 1000:.0f} ms "
        f"| {p95 * 1000:.0f} ms | p95 {DECIDED_P95_SECONDS * 1000:.0f} ms |"
    )
    print(
        f"| first text, raw SDK ({len(raw)} streams) | {statistics.median(raw) * 1000:.1f} ms "
        f"| {percentile(raw, 0.95) * 1000:.1f} ms | |"
    )
    print(
        f"| first text, our adapter | {statistics.median(ours) * 1000:.1f} ms | {percentile(ours, 0.95) * 1000:.1f} ms "
        f"| {FIRST_TOKEN_MORE_SECONDS * 1000:.0f} ms more than raw |"
    )
    print(f"\nAdapter over raw: median ratio {ratio:.3f}, difference of medians {more * 1000:+.1f} ms.")
    if not kept or p95 > DECIDED_P95_SECONDS or more > FIRST_TOKEN_MORE_SECONDS:
        sys.exit("A figure is outside its bound.")


if __name__ == "__main__":
    main()
