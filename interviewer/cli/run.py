"""`interviewer run`: the web app, on this computer only unless people are told apart."""

from __future__ import annotations

import os
import runpy
import sys

import click

from interviewer.errors import InterviewerError

WRONG_SETUP = 2


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Where it listens.")
@click.option("--address", default="127.0.0.1", show_default=True, help="On which address; 0.0.0.0 is all of them.")
@click.pass_context
def run(ctx: click.Context, port: int, address: str) -> None:
    """Start the web app. Ctrl-C stops it.

    An address that others can reach needs a way to tell people apart: see docs/SECURITY.md.
    """
    from interviewer.settings import read_settings, refusal_to_serve, resources

    refused = refusal_to_serve(read_settings(), address)
    if refused:
        click.echo(f"interviewer: {refused}", err=True)
        ctx.exit(WRONG_SETUP)
    page = resources() / "app.py"
    if not page.is_file():
        raise InterviewerError("This installation is incomplete: app.py is missing. Install interviewer again.")
    # Who asks is told by the connection. The server under the pages would let a header of a local proxy say otherwise.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    # Streamlit reads .streamlit/config.toml beside the script, so the theme is the same from any folder. The address is
    # given here all the same, since a setting of the environment could open it to the network. In-process, so that
    # one process is all there is to stop.
    sys.argv = ["streamlit", "run", str(page), f"--server.port={port}", f"--server.address={address}"]
    try:
        runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    finally:
        # Streamlit ends its server on SIGTERM and Ctrl-C and comes back here, with replies and grades still under way.
        from interviewer.ui import wiring

        wiring.close_the_app()
