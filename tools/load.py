"""A hundred interviews at once against a model that answers in its own time, and what an open page takes.

    make load                          both tables
    python tools/load.py --minutes 10  a soak of so many minutes; memory is printed once a minute

Every candidate is a person of their own, who thinks for some seconds, answers, and reads the follow-up. At the end
every stored interview is read back: nothing may be lost, doubled, or said by somebody else. Exit status 1 when a figure
is outside its bound. Linux only: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, cycle, islice
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviewer.adapters.openai_model import OpenAIModel  # noqa: E402
from interviewer.bootstrap import OWNER, App, build  # noqa: E402
from interviewer.errors import InterviewerError  # noqa: E402
from interviewer.settings import Settings  # noqa: E402
from tests.browser.running import RunningApp  # noqa: E402

PEOPLE = 100
MINUTES = 1.0
THINK_SECONDS = (4.0, 12.0)
FIRST_SECONDS, TOKENS_A_SECOND = 0.4, 40.0
COMMIT_P99_SECONDS = 0.250
FOLLOW_UP_MORE_SECONDS = 1.0
IDLE_MIB = 0.5
GROWTH_MIB = 20.0  # over a soak, after its first two minutes
SAID = (
    "I am {marker}. The lookup filters by user and the files are laid out by date, so nothing is pruned.",
    "I am {marker}. I would cluster the table by the user and keep the statistics of that column.",
    "I am {marker}. I would measure the files read per lookup before and after.",
)


class Candidate(NamedTuple):
    """What one person saw: seconds to commit and to the follow-up of each answer, and what went wrong."""

    marker: str
    interviews: list[str]
    sent: list[str]
    commits: list[float]
    follow_ups: list[float]
    errors: list[str]


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def memory_mib(pid: int | str = "self") -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def fake_model() -> Iterator[str]:
    """The base URL of a model server in a process of its own."""
    command = [sys.executable, "-m", "tests.fakes.http_server", "--first", str(FIRST_SECONDS)]
    process = subprocess.Popen(
        [*command, "--rate", str(TOKENS_A_SECOND)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(10)


def own_time(base_url: str) -> float:
    """Seconds that the model takes for one follow-up when nobody else asks: the median of five."""
    model = OpenAIModel("load", "load", base_url)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        reply = model.stream([{"role": "user", "content": "Ask me something."}], max_tokens=60)
        "".join(reply)
        reply.close()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def candidate(app: App, marker: str, until: float, model: OpenAIModel) -> Candidate:
    """Interviews of one person, one after the other, until the time is over."""
    seen = Candidate(marker, [], [], [], [], [])
    rng = random.Random(marker)
    scenarios = list(app.library.scenarios.values())
    time.sleep(rng.uniform(0, THINK_SECONDS[1]))
    try:
        while time.monotonic() < until:
            scenario = rng.choice(scenarios)
            stored = app.worker.start(
                scenario, app.scenario_hash(scenario), owner=marker, mode="practice", level="senior", max_probes=3,
                engine=model.name,
            )  # fmt: skip
            seen.interviews.append(stored.id)
            for number in count():
                if time.monotonic() > until or app.store.load(stored.id, owner=marker).interview.is_finished:
                    break
                text = SAID[number % len(SAID)].format(marker=marker)
                began = time.perf_counter()
                app.worker.answer(stored.id, text, owner=marker, key=str(number), model=model, judge=None)
                seen.commits.append(time.perf_counter() - began)
                seen.sent.append(text)
                while live := app.worker.reply_of(stored.id, owner=marker):
                    live.wait(10)
                seen.follow_ups.append(time.perf_counter() - began)
                time.sleep(rng.uniform(*THINK_SECONDS))
    except Exception as error:  # the thread is the last one who can tell
        seen.errors.append(f"{type(error).__name__}: {error}")
    return seen


def mistakes(app: App, people: list[Candidate]) -> list[str]:
    """What is wrong in the stored interviews: an answer missing, doubled or another person's; a strange reader."""
    found = []
    for person, other in zip(people, [*people[1:], people[0]], strict=True):
        turns = [t for id in person.interviews for t in app.store.load(id, owner=person.marker).interview.turns]
        if [turn.text for turn in turns if turn.role == "candidate"] != person.sent:
            found.append(f"{person.marker}: the stored answers are not the sent ones")
        if any(each.marker in turn.text for turn in turns for each in people if each is not person):
            found.append(f"{person.marker}: heard somebody else")
        for id in person.interviews[:1]:
            try:
                app.store.load(id, owner=other.marker)
                found.append(f"{person.marker}: {other.marker} can read it")
            except InterviewerError:
                pass
        found += [f"{person.marker}: {error}" for error in person.errors]
    return found


def traffic(minutes: float) -> bool:
    """The first table. Gives whether every bound was kept."""
    with tempfile.TemporaryDirectory() as folder, fake_model() as base_url:
        app = build(Settings(INTERVIEWER_DATA_DIR=Path(folder), INTERVIEWER_ENGINE="coach", _env_file=None))
        model = OpenAIModel("load", "load", base_url)
        for scenario in app.library.scenarios.values():
            app.matcher.match(scenario, [])  # prepared once, as on a server that has been running for a while
        alone = own_time(base_url)
        until = time.monotonic() + minutes * 60
        people: list[Candidate] = []
        threads = [
            threading.Thread(target=lambda n=n: people.append(candidate(app, f"person-{n:03}-", until, model)))
            for n in range(PEOPLE)
        ]
        for thread in threads:
            thread.start()
        memory = []
        while any(thread.is_alive() for thread in threads):
            time.sleep(min(60.0, max(1.0, minutes * 60 / 4)))
            memory.append(memory_mib())
            print(f"{len(memory)}: {memory[-1]:.0f} MiB", file=sys.stderr)
        wrong = mistakes(app, people)
        app.close()
    commits = [seconds for person in people for seconds in person.commits]
    follow_ups = [seconds for person in people for seconds in person.follow_ups]
    growth = memory[-1] - memory[min(1, len(memory) - 1)]
    commit, more = percentile(commits, 0.99), percentile(follow_ups, 0.95) - alone
    print(f"{PEOPLE} people for {minutes:g} min, {sum(len(p.interviews) for p in people)} interviews\n")
    print("| what | value | bound |")
    print("|---|---|---|")
    print(f"| answers sent | {len(commits)} | |")
    print(f"| errors, lost, doubled or mixed up | {len(wrong)} | 0 |")
    print(f"| an answer is committed, p50 and p99 | {statistics.median(commits) * 1000:.0f} and {commit * 1000:.0f} ms "
          f"| {COMMIT_P99_SECONDS * 1000:.0f} ms |")  # fmt: skip
    print(f"| follow-up is stored, p95, beyond the model's own {alone:.2f} s | {more:+.2f} s "
          f"| {FOLLOW_UP_MORE_SECONDS:.0f} s |")  # fmt: skip
    print(f"| memory, first and last | {memory[0]:.0f} and {memory[-1]:.0f} MiB | |")
    for line in wrong[:10]:
        print(f"- {line}")
    long = minutes >= 5
    return (
        not wrong
        and commit <= COMMIT_P99_SECONDS
        and more <= FOLLOW_UP_MORE_SECONDS
        and not (long and growth > GROWTH_MIB)
    )


async def _open_pages(address: str, ids: list[str]) -> list[object]:
    """A browser's connection for each interview, with its page drawn. They stay open."""
    import websockets
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    opened = []
    for id in ids:
        socket = await websockets.connect(
            address.replace("http", "ws") + "/_stcore/stream", subprotocols=["streamlit"], origin=address, max_size=None
        )
        asked = BackMsg()
        asked.rerun_script.query_string = f"interview={id}"
        asked.rerun_script.page_name = "interview"
        await socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(socket.recv(), 30))
            if message.WhichOneof("type") == "script_finished":
                break
        opened.append(socket)
    return opened


async def _idle(running: RunningApp, ids: list[str]) -> tuple[float, float]:
    """MiB of the server with its first ten pages open, and with all of them."""
    first = await _open_pages(running.address, ids[:10])
    await asyncio.sleep(3)
    base = memory_mib(running.pid)
    rest = await _open_pages(running.address, ids[10:])
    await asyncio.sleep(3)
    full = memory_mib(running.pid)
    for socket in (*first, *rest):
        await socket.close()  # type: ignore[attr-defined]
    return base, full


def pages() -> bool:
    """The second table: what the open page of an idle interview takes. Gives whether the bound was kept."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(Settings(INTERVIEWER_DATA_DIR=Path(folder), INTERVIEWER_ENGINE="coach", _env_file=None))
        scenarios = cycle(app.library.scenarios.values())
        ids = []
        for scenario in islice(scenarios, PEOPLE + 10):
            hash = app.scenario_hash(scenario)
            terms = {"mode": "practice", "level": "senior", "max_probes": 3, "engine": "coach"}
            ids.append(app.worker.start(scenario, hash, owner=OWNER, **terms).id)  # type: ignore[arg-type]
        app.close()
        with RunningApp(Path(folder)) as running:
            base, full = asyncio.run(_idle(running, ids))
    each = (full - base) / PEOPLE
    print("| what | value | bound |")
    print("|---|---|---|")
    print(f"| server with 10 open interviews, and with {PEOPLE + 10} | {base:.0f} and {full:.0f} MiB | |")
    print(f"| an open, idle interview | {each:.2f} MiB | {IDLE_MIB} MiB |")
    return each <= IDLE_MIB


def main() -> None:
    parser = argparse.ArgumentParser(description="A hundred interviews at once, and what an open page takes.")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long people interview")
    minutes = parser.parse_args().minutes
    kept = [traffic(minutes), pages()]
    if not all(kept):
        sys.exit("A figure is outside its bound.")


if __name__ == "__main__":
    main()
