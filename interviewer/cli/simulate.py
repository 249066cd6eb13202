"""`interviewer simulate`: a whole interview against a scripted candidate, as JSON Lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.output import Engine, bench_for, engine_option, write_line
from interviewer.errors import InputError

if TYPE_CHECKING:
    from interviewer.flows.simulating import Event, Kind

KINDS = ("strong", "mid", "weak", "wrong", "silent", "hostile")


@click.command()
@click.option("--scenario", "scenario_id", metavar="ID", required=True, help="Which scenario; see `scenarios list`.")
@click.option("--candidate", type=click.Choice(KINDS), required=True, help="How the scripted candidate answers.")
@click.option(
    "--turns", type=click.IntRange(1, 100), default=8, show_default=True, help="The candidate answers at most so often."
)
@engine_option
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same candidate.")
def simulate(scenario_id: str, candidate: Kind, turns: int, engine: Engine | None, seed: int) -> None:
    """Run an interview against a scripted candidate and print it as JSON Lines.

    One line per turn, one per call of a model, and last how it ended. With --engine llm a model that fails ends the run
    with exit code 1.
    """
    from interviewer.flows import simulating

    bench = bench_for(engine)
    scenario = bench.library.scenarios.get(scenario_id)
    if scenario is None:
        raise InputError(f"There is no scenario '{scenario_id}'. `interviewer scenarios list` names them.")
    events = simulating.simulate(
        scenario,
        simulating.scripted_candidate(candidate, scenario, seed),
        bench.matcher,
        bench.prompts,
        bench.clock,
        turns=turns,
        model=bench.model,
        judge=bench.judge,
        strict=engine == "llm",
    )
    for event in events:
        write_line(json.dumps(_shown(event), ensure_ascii=False))


def _shown(event: Event) -> dict[str, Any]:
    from interviewer.flows.simulating import Called, Ended

    if isinstance(event, Called):
        usage = event.usage.model_dump(exclude={"estimated"})
        return {"type": "call", "purpose": event.purpose, **usage}
    if isinstance(event, Ended):
        return {
            "type": "end",
            "reason": event.reason,
            "coverage": round(event.coverage, 3),
            "score": event.assessment.score,
        }
    move = event.move
    # Why a model's wording was not used belongs to the reason of what was said instead.
    reason = "; ".join(filter(None, (move.reason, event.note))) if move else None
    return {
        "type": "turn",
        "n": event.seq,
        "role": event.role,
        "text": event.text,
        "move": move.kind if move else None,
        "target": move.target if move else None,
        "reason": reason,
        "engine": event.engine if move else None,
    }
