"""Log lines as JSON, one object a line: no keys, no words of a person, nothing that a terminal would obey."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TextIO

LIBRARIES = ("streamlit", "uvicorn", "websockets", "sqlalchemy", "alembic", "httpx2", "httpcore2", "openai")
FRAMES = 12
HIDDEN = "[hidden]"

_SECRETS = re.compile(
    r"""(?ix)
    \bbearer\s+[\w.~+/=-]+
    | \b(?:sk|pk|gsk|xai|ghp|glpat|AIza)[-_][\w-]{8,}
    | \beyJ[\w-]+\.[\w-]+\.[\w-]*
    | (?<=://)[^/\s:@]+:[^/\s@]+(?=@)
    | (?<=key=)[^&\s'"]+
    | [\w.+-]+@[\w-]+\.[\w.-]+
    """
)


class JsonLines(logging.Formatter):
    """One JSON object a line, in ASCII, so that no character of a text can begin a new line or colour a terminal.

    An exception is told by its class and the places it came through. Its message stays out: it may quote what a person
    said. `secrets` are hidden wherever they stand, as is everything that looks like a key, a token or an address.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._safe(record.getMessage()),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
            line["error"] = type(error).__name__
            line["through"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=True)

    def _safe(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _SECRETS.sub(HIDDEN, text)


def start_json_lines(level: str, secrets: Sequence[str] = (), stream: TextIO | None = None) -> None:
    """Send every log line of this process through one handler; the libraries' own handlers are taken away.

    Libraries speak from WARNING on: below it they log requests, with what stands in them.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("interviewer").setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in LIBRARIES:
            library = logging.getLogger(name)
            library.handlers.clear()
            library.propagate = True
            library.setLevel(logging.WARNING)
