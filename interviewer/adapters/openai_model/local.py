"""Finds model servers that run on this machine."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM", 8089: "llama.cpp"}

_HOST = "127.0.0.1"
_BYTES = 1_000_000
_MODELS = 50
# Who owns a model is how two of the servers give themselves away, on whatever port.
_OWNERS = {"llamacpp": "llama.cpp", "vllm": "vLLM"}


@dataclass(frozen=True)
class LocalServer:
    """A server on this machine. `base_url` is what to put into the settings, `kind` a product's name to show."""

    base_url: str
    kind: str
    models: tuple[str, ...]


def find_local_servers(timeout: float = 0.3, ports: Mapping[int, str] = PORTS) -> list[LocalServer]:
    """The servers that answer on the usual ports of this machine within `timeout` seconds, in the order of the ports.

    Asks loopback only, all ports at once, for the list of models. Never raises, and never takes much longer.
    """
    found: dict[int, LocalServer] = {}

    def ask(port: int, kind: str) -> None:
        server = _asked(port, kind, timeout)
        if server:
            found[port] = server

    threads = [threading.Thread(target=ask, args=item, daemon=True) for item in ports.items()]
    until = time.monotonic() + timeout
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    answered = dict(found)  # who is late may still add itself to the other one
    return [answered[port] for port in ports if port in answered]


def _asked(port: int, kind: str, timeout: float) -> LocalServer | None:
    connection = http.client.HTTPConnection(_HOST, port, timeout=timeout)
    try:
        connection.request("GET", "/v1/models", headers={"accept": "application/json"})
        response = connection.getresponse()
        listed = json.loads(response.read(_BYTES)) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError, RecursionError):
        return None
    finally:
        connection.close()
    models = listed.get("data") if isinstance(listed, dict) else None
    if not isinstance(models, list):
        return None
    known = [model for model in models if isinstance(model, dict) and isinstance(model.get("id"), str)]
    owners = {str(model.get("owned_by")) for model in known}
    named = next((name for owner, name in _OWNERS.items() if owner in owners), kind)
    return LocalServer(f"http://{_HOST}:{port}/v1", named, tuple(str(model["id"]) for model in known[:_MODELS]))
