"""`interviewer doctor`: checks every part of an installation and says what to do about what is broken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from interviewer.errors import SettingsError, StorageError

if TYPE_CHECKING:
    from interviewer.adapters.openai_model import LocalServer
    from interviewer.settings import Settings

DATABASE_WAIT_SECONDS = 5.0
NAMES_SHOWN = 5


class Check(NamedTuple):
    """The state of one part. What is broken makes the exit code 1; a warning does not."""

    status: Literal["ok", "warning", "broken"]
    part: str
    words: str


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Check the installation: settings, engine, database, coach, scenarios, endpoint, local model servers.

    Keys are never printed. The exit code is 1 when something is broken.
    """
    broken = False
    for check in checks():
        click.echo(f"{check.status:<8} {check.part:<10} {check.words}")
        broken = broken or check.status == "broken"
    if broken:
        ctx.exit(1)


def checks() -> Iterator[Check]:
    """Every check, in the order in which one depends on another."""
    from interviewer.settings import read_settings

    try:
        settings = read_settings()
    except SettingsError as error:
        yield Check("broken", "settings", f"{error} Correct it in the environment or in .env; the rest waits for that.")
        return
    yield from _settings(settings)
    yield _engine(settings)
    yield from _database(settings)
    yield _coach()
    yield _scenarios(settings)
    yield _endpoint(settings)
    yield from _local_servers()


def _settings(settings: Settings) -> Iterator[Check]:
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if value in (None, False, ()):
            shown = "not set"
        elif isinstance(value, tuple):
            shown = ", ".join(value)
        elif name == "openai_api_key":
            shown = "set, not shown"
        elif name == "openai_base_url":
            shown = _address(value)
        elif name == "database_url":
            shown = "set; see database"
        else:
            shown = str(value)
        yield Check("ok", "settings", f"{field.alias} = {shown}")


def _engine(settings: Settings) -> Check:
    from interviewer.bootstrap import default_connection

    try:
        connection = default_connection(settings)
    except SettingsError as error:
        return Check("broken", "engine", str(error))
    if connection is None:
        return Check("ok", "engine", "the built-in coach; it needs no network. For a model, set INTERVIEWER_MODEL.")
    return Check("ok", "engine", f"{connection.shown}. The coach stands in when it fails.")


def _database(settings: Settings) -> Iterator[Check]:
    from interviewer.adapters.database import Database

    try:
        database = Database.open(settings.database, wait_seconds=DATABASE_WAIT_SECONDS)
    except StorageError as error:
        yield Check("broken", "database", f"{_address(settings.database)}: {error}")
        return
    yield Check("ok", "database", f"opens: {_address(settings.database)}")
    for note in database.notes:
        yield Check("warning", "database", note)
    database.close()


def _coach() -> Check:
    from interviewer.adapters.coach.embedder import Embedder, EmbedderUnavailable
    from interviewer.adapters.coach.matcher import FOLDER

    try:
        Embedder.load(FOLDER / "model")
    except EmbedderUnavailable as error:
        words = f"lexical only, so it grades less well: {error.reason}. Install interviewer again to repair it."
        return Check("broken", "coach", words)
    return Check("ok", "coach", "the embedded model is there and its checksum is right.")


def _scenarios(settings: Settings) -> Check:
    from interviewer.adapters.scenario_files import load_folder, scenario_paths
    from interviewer.bootstrap import scenarios_folder

    folder = scenarios_folder(settings)
    read, there = len(load_folder(folder).scenarios), len(scenario_paths(folder))
    if not there:
        return Check("broken", "scenarios", f"none in {folder}. Correct INTERVIEWER_SCENARIOS_DIR, or install again.")
    if read < there:
        return Check(
            "broken", "scenarios", f"{read} of {there} read. `interviewer scenarios lint {folder}` names the lines."
        )
    return Check("ok", "scenarios", f"{read} of {there} read from {folder}.")


def _endpoint(settings: Settings) -> Check:
    from interviewer.adapters.openai_model import OpenAIModel
    from interviewer.bootstrap import build_model, default_connection

    try:
        connection = default_connection(settings)
    except SettingsError:
        return Check("warning", "endpoint", "not tried, as the engine must be set up first.")
    model = build_model(connection, connection.model) if connection else None
    if not isinstance(model, OpenAIModel):
        return Check("ok", "endpoint", "none is used, so there is nothing to try.")
    report = model.probe()
    if not report.reachable or report.seconds_to_first_token is None:
        return Check("broken", "endpoint", report.message)
    return Check("warning" if report.structured == "none" else "ok", "endpoint", report.message)


def _local_servers() -> Iterator[Check]:
    from interviewer.adapters.openai_model import find_local_servers

    yield from local_checks(find_local_servers())


def local_checks(servers: Sequence[LocalServer]) -> Iterator[Check]:
    """What to say about the model servers that run on this machine, and how to use one."""
    if not servers:
        yield Check("ok", "local", "no model server answers on the usual ports of this machine.")
    for server in servers:
        if not server.models:
            yield Check("warning", "local", f"{server.kind} at {server.base_url} has no model yet. Load one into it.")
            continue
        shown = ", ".join(" ".join(name.split()) for name in server.models[:NAMES_SHOWN])
        more = f" and {len(server.models) - NAMES_SHOWN} more" if len(server.models) > NAMES_SHOWN else ""
        words = f"{server.kind} at {server.base_url} offers {shown}{more}. "
        words += f"To use it, set OPENAI_BASE_URL={server.base_url} and INTERVIEWER_MODEL to one of its names."
        if server.kind == "Ollama":
            words += " It silently cuts off long prompts: start it with OLLAMA_CONTEXT_LENGTH=16384 to be graded by it."
        yield Check("ok", "local", words)


def _address(url: str) -> str:
    """The address without user, password and parameters, each of which may hold a secret."""
    from sqlalchemy import URL, make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parts = make_url(url)
    except ArgumentError:
        return "the address that is set (not shown, as it cannot be read)"
    return URL.create(parts.drivername, host=parts.host, port=parts.port, database=parts.database).render_as_string()
