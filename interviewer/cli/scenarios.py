"""`interviewer scenarios`: for authors, what there is, how it reads, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interviewer.cli.drafting import draft
from interviewer.cli.importing import import_
from interviewer.errors import FileProblem, InputError, InterviewerError, ScenarioError

if TYPE_CHECKING:
    from interviewer.adapters.scenario_files import Library
    from interviewer.domain.scenario import Scenario


@click.group()
def scenarios() -> None:
    """List, show, check, import and draft scenarios."""


scenarios.add_command(import_)
scenarios.add_command(draft)


@scenarios.command("list")
def list_() -> None:
    """Print a table: id, difficulty, minutes, title."""
    library = _library()
    rows = [("id", "difficulty", "minutes", "title")]
    rows += [(s.id, s.difficulty, str(s.time_minutes), s.title) for s in library.scenarios.values()]
    first, second, third = (max(len(row[column]) for row in rows) for column in range(3))
    for id, difficulty, minutes, title in rows:
        click.echo(f"{id:<{first}}  {difficulty:<{second}}  {minutes:>{third}}  {title}")
    for problem in library.problems:
        click.echo(str(problem), err=True)
    if library.problems:
        files = len({problem.file for problem in library.problems})
        raise InterviewerError(f"{files} file{'s' * (files != 1)} could not be read; the lines above say why.")


@scenarios.command()
@click.argument("id")
def show(id: str) -> None:
    """Print the whole scenario, with everything that the candidate never sees."""
    scenario = _library().scenarios.get(id)
    if scenario is None:
        raise InputError(f"There is no scenario '{id}'. `interviewer scenarios list` names them.")
    click.echo("\n".join(_readable(scenario)))


@scenarios.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.pass_context
def lint(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """Check files or folders, by default the shipped scenarios: one line per problem, `file:line: field: message`.

    The exit code is 1 when there are errors; warnings do not count.
    """
    from interviewer.adapters.scenario_files import scenario_paths
    from interviewer.bootstrap import resources

    files: list[Path] = []
    for path in paths or (resources() / "scenarios",):
        files += scenario_paths(path) if path.is_dir() else [path]
    if not files:
        raise InputError("There is no scenario file in that folder. Scenarios end in .md, .yaml or .yml.")
    problems = list(_problems(files))
    errors = sum(not warning for _, warning in problems)
    for problem, warning in problems:
        click.echo(
            f"{problem.file}:{problem.line or 1}: {problem.field or 'file'}: {'warning: ' * warning}{problem.message}"
        )
    click.echo(f"files: {len(files)}, errors: {errors}, warnings: {len(problems) - errors}", err=True)
    if errors:
        ctx.exit(1)


@scenarios.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_context
def prove(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """Check with the coach that scenarios grade as they should, and that nothing gives an answer away.

    The reference answer must score high, an empty or foreign answer next to nothing, a stronger candidate more than a
    weaker one. One line per finding, `file: check: what`; the exit code is 1 when there is one.
    """
    from datetime import UTC, datetime

    from interviewer.adapters.coach.matcher import Coach
    from interviewer.adapters.prompt_files import PromptFiles
    from interviewer.adapters.scenario_files import read_scenario, scenario_paths
    from interviewer.bootstrap import resources
    from interviewer.flows import proving

    files = [file for path in paths for file in (scenario_paths(path) if path.is_dir() else [path])]
    coach, prompts = Coach.load(), PromptFiles(resources() / "prompts")
    findings = 0
    for file in files:
        try:
            scenario = read_scenario(file)
        except ScenarioError as error:
            for problem in error.problems:
                findings += 1
                click.echo(f"{file}:{problem.line or 1}: {problem.field or 'file'}: {problem.message}")
            continue
        for check, finding in proving.prove(scenario, coach, prompts, datetime.now(UTC)):
            findings += 1
            click.echo(f"{file}: {check}: {finding}")
    click.echo(f"files: {len(files)}, findings: {findings}", err=True)
    if findings:
        ctx.exit(1)


def _library() -> Library:
    from interviewer.bootstrap import library_of
    from interviewer.settings import read_settings

    return library_of(read_settings())


def _problems(files: Iterable[Path]) -> Iterator[tuple[FileProblem, bool]]:
    """Every problem, and whether it is only a warning. The file is named as it was given, for editors to open."""
    from datetime import date

    from interviewer.adapters.scenario_files import lint_warnings, read_scenario

    seen: dict[str, Path] = {}
    for path in files:
        try:
            scenario = read_scenario(path)
        except ScenarioError as error:
            yield from ((replace(problem, file=str(path)), False) for problem in error.problems)
            continue
        if scenario.id in seen:
            yield FileProblem(str(path), 0, "id", f"duplicate id '{scenario.id}': {seen[scenario.id]} has it"), False
        seen.setdefault(scenario.id, path)
        today = date.today()
        yield from ((replace(problem, file=str(path)), True) for problem in lint_warnings(path, scenario, today))


def _readable(scenario: Scenario) -> Iterator[str]:
    """The scenario as a page of Markdown, in the order in which an author thinks about it."""
    yield f"# {scenario.title}"
    yield (
        f"{scenario.id}, {scenario.difficulty}, {scenario.time_minutes} minutes, for {', '.join(scenario.level)}, "
        f"{scenario.status}"
    )
    yield f"Topics: {', '.join(scenario.topics)}"
    yield from _line("Technologies", ", ".join(scenario.technologies))
    yield from _line("Verified on", str(scenario.verified_on or ""))
    yield from ("", "## Question", scenario.question)
    yield from _part("Context", (f"{item.question} {item.answer}" for item in scenario.context))
    yield from ("", "## Key points")
    for point in scenario.key_points:
        yield f"\n### {point.id}: {point.weight} %, {point.dimension}{', essential' if point.must else ''}"
        yield point.text
        yield from _line("Why", point.why)
        yield from _line("Strong", point.strong)
        yield from _lines("Said like", point.phrasings)
        yield from _lines("Comes near", point.near_misses)
        yield from _lines("Contradicts", point.misconceptions)
        yield from _lines("Words", point.terms)
        yield from _lines("Rests on", (f"{fact.text} (checked {fact.verified_on})" for fact in point.facts))
        yield from _lines("Sources", point.sources)
    yield from ("", "## Follow-ups")
    for probe in scenario.probes:
        yield f"\n### {probe.id}: {probe.type}, when {probe.when}, about {', '.join(probe.targets)}"
        yield from (probe.ask, f"Strong: {probe.strong}", f"Weak: {probe.weak}")
    for change in scenario.constraint_changes:
        yield f"\n### {change.id}: changed condition, about {', '.join(change.targets)}"
        yield from (change.ask, f"Strong: {change.strong}")
    yield from _part("Exhibits", (f"{item.id}: {item.title} ({item.kind}, {item.file})" for item in scenario.exhibits))
    yield from _part("Hints", (f"{hint.level}: {hint.text}" for hint in scenario.hints))
    yield from _part("Mistakes", (f"{mistake.severity}: {mistake.text}" for mistake in scenario.mistakes))
    if scenario.star:
        yield from _part("STAR", (f"{name}: {text}" for name, text in scenario.star))
    yield from _line("\nStory", scenario.story)
    yield from ("", "## Reference answer", scenario.reference)
    yield from _part("Sources", scenario.sources)


def _part(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from ("", f"## {title}", *lines)


def _line(title: str, text: str) -> Iterator[str]:
    if text:
        yield f"{title}: {text}"


def _lines(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from (f"{title}:", *lines)
