"""`interviewer run`: the web app, on this computer only."""

from __future__ import annotations

import runpy
import sys

import click

from interviewer.errors import InterviewerError


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Where it listens.")
def run(port: int) -> None:
    """Start the web app on this computer. Ctrl-C stops it."""
    from interviewer.bootstrap import resources

    page = resources() / "app.py"
    if not page.is_file():
        raise InterviewerError("This installation is incomplete: app.py is missing. Install interviewer again.")
    # Streamlit reads .streamlit/config.toml beside the script, so the theme is the same from any folder. The address is
    # given here all the same, since a setting of the environment could open it to the network. In-process, so that
    # one process is all there is to stop.
    sys.argv = ["streamlit", "run", str(page), f"--server.port={port}", "--server.address=127.0.0.1"]
    try:
        runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    finally:
        # Streamlit ends its server on SIGTERM and Ctrl-C and comes back here, with replies and grades still under way.
        from interviewer.ui import wiring

        wiring.close_the_app()
