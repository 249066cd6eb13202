"""`interviewer scenarios draft`: a model proposes what a scenario lacks, the author says yes or no to each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interviewer.errors import InputError, SettingsError

if TYPE_CHECKING:
    from interviewer.domain.scenario import Scenario
    from interviewer.flows.authoring import Edit, Proposal


@click.command()
@click.argument("id")
def draft(id: str) -> None:
    """Let the connected model propose what the scenario ID lacks, one proposal at a time.

    Key points, phrasings, misconceptions, follow-ups and hints are shown one by one; only what you accept is written,
    at once, and nothing that stands in the file is replaced except weights that a rule gave. The scenario then names
    the model and stays a draft. Ctrl-C ends; what was accepted is kept. The ceilings of the settings hold here too.
    """
    from interviewer.bootstrap import build_bench, metered
    from interviewer.flows import authoring
    from interviewer.settings import read_settings

    settings = read_settings()
    path = _own_file(id)
    authoring.check_draftable(_read(path))
    bench = build_bench(settings)
    if bench.model is None:
        raise SettingsError("Proposals come from a model, and none is set up. Set INTERVIEWER_MODEL, or write by hand.")
    model, prompts = metered(settings, bench.model), bench.prompts
    accepted = 0
    click.echo(f"{model.name} reads '{id}'. It does not know whether it is right; you decide.\n")
    taken = _accepted(authoring.point_proposals(_read(path), model, prompts))
    if taken:
        accepted += len(taken)
        _write(path, authoring.with_points(_read(path), taken), model.name)
    for point in _read(path).key_points:
        scenario = _read(path)
        for proposal in authoring.detail_proposals(scenario, scenario.key_point(point.id), model, prompts):
            accepted += _offered(proposal, path, model.name)
    for proposal in authoring.hint_proposals(_read(path), model, prompts):
        accepted += _offered(proposal, path, model.name)
    click.echo(
        f"\nAccepted: {accepted}. `interviewer scenarios lint {path.name}` says what a reviewed one still needs."
    )


def _accepted(proposals: Sequence[Proposal]) -> list[Proposal]:
    return [proposal for proposal in proposals if _confirmed(proposal)]


def _offered(proposal: Proposal, path: Path, model_name: str) -> bool:
    """Show the proposal and, when it is accepted, write it."""
    if not _confirmed(proposal):
        return False
    try:
        _write(path, proposal.edits, model_name)
    except InputError as error:
        click.echo(f"  Not written: {error}", err=True)
        return False
    return True


def _confirmed(proposal: Proposal) -> bool:
    click.echo(f"{proposal.kind.capitalize()}{f' for “{proposal.about}”' if proposal.about else ''}")
    for line in proposal.lines:
        click.echo(f"  + {line}")
    return click.confirm("Accept?", default=False)


def _write(path: Path, edits: Sequence[Edit], model_name: str) -> None:
    """Put the edits into the file as it stands now, if the scenario is still fit to use with them."""
    from interviewer.adapters.packs.importing import write_whole
    from interviewer.adapters.scenario_edits import edited
    from interviewer.adapters.scenario_files import parse_scenario
    from interviewer.errors import ScenarioError
    from interviewer.flows.authoring import signed

    text = path.read_text(encoding="utf-8")
    changed = edited(text, [*edits, *signed(_read(path), model_name)])
    try:
        parse_scenario(changed, path)
    except ScenarioError as error:
        raise InputError(f"It would make the scenario unfit to use: {error.problems[0].message}.") from error
    write_whole(path, changed)


def _read(path: Path) -> Scenario:
    from interviewer.adapters.scenario_files import read_scenario

    return read_scenario(path)


def _own_file(id: str) -> Path:
    """The file of a scenario that belongs to this person. Raises InputError for shipped ones and those of packs."""
    from interviewer.adapters.scenario_files import read_scenario, scenario_paths
    from interviewer.bootstrap import library_of, own_scenarios
    from interviewer.errors import ScenarioError
    from interviewer.settings import read_settings

    settings = read_settings()
    for folder in filter(None, (own_scenarios(settings), settings.scenarios_dir)):
        for path in scenario_paths(folder):
            try:
                if read_scenario(path).id == id:
                    return path
            except ScenarioError:
                continue
    if id in library_of(settings).scenarios:
        raise InputError(f"'{id}' is shipped or from a pack. Copy it to {own_scenarios(settings).name}/ to change it.")
    raise InputError(f"There is no scenario '{id}'. `interviewer scenarios list` names them.")
