"""Measures what the product adds: time to a decided follow-up with the coach, and to the first token over a raw stream.

    make bench

Both figures of a comparison come from one run, in turns, and medians are quoted: single times on a shared machine
mean little. Exit status 1 when a figure is outside its bound.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviewer.adapters.openai_model import OpenAIModel  # noqa: E402
from interviewer.bootstrap import OWNER, App, build  # noqa: E402
from interviewer.flows.simulating import scripted_candidate  # noqa: E402
from interviewer.settings import Settings  # noqa: E402
from tests.fakes.http_server import FakeServer  # noqa: E402

DECIDED_P95_SECONDS = 0.150
FIRST_TOKEN_MORE_SECONDS = 0.050
ROUNDS = 40


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
                while live := app.worker.reply_of(stored.id):
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


def main() -> None:
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
    if p95 > DECIDED_P95_SECONDS or more > FIRST_TOKEN_MORE_SECONDS:
        sys.exit("A figure is outside its bound.")


if __name__ == "__main__":
    main()
