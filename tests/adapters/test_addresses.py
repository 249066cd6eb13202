"""An address that a person types leads to the public internet, on a machine of one's own also to it; nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from interviewer.adapters.openai_model import Guard, OpenAIModel
from interviewer.adapters.openai_model.addresses import is_public
from interviewer.bootstrap import build_model, own_connection
from interviewer.errors import InputError, ModelError
from interviewer.flows.ports import Message
from interviewer.settings import Settings
from tests.fakes.http_server import FakeServer

ASKED: list[Message] = [{"role": "user", "content": "I would cluster the table."}]
INSIDE = [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "[::1]",
    "[::]",
    "[::ffff:7f00:1]",
    "[::ffff:a9fe:a9fe]",
    "[::ffff:127.0.0.1]",
    "169.254.169.254",
    "0.0.0.0",
    "100.64.0.1",
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.20",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[fd00::1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[ff02::1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "localhost",
]
NO_ADDRESSES = [
    "https://user:secret@api.example.com/v1",
    "https:///v1",
    "https://api.example.com:99999/v1",
    "https://api.example.com/v1\r\nX-Injected: 1",
    "ftp://api.example.com/v1",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x",
    "https://[::1/v1",
]
PUBLIC, ELSEWHERE = "93.184.216.34", "2606:2800:220:1::1"


def says(*answers: Sequence[str]) -> Guard:
    """A guard whose names resolve to these answers, one after the other, the last one for ever."""
    left = list(answers)
    return Guard(loopback=False, resolve=lambda host, port: left.pop(0) if len(left) > 1 else left[0])


@pytest.mark.parametrize("host", INSIDE)
def test_no_machine_inside_is_reached(host: str) -> None:
    with pytest.raises(InputError):
        Guard(loopback=False).check(f"https://{host}/v1")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433"])
def test_this_machine_is_reached_only_where_one_person_works(host: str) -> None:
    Guard(loopback=True).check(f"http://{host}:11434/v1")


@pytest.mark.parametrize("host", ["169.254.169.254", "192.168.1.20", "[fd00::1]", "0.0.0.0", "100.64.0.1"])
def test_the_network_around_is_not_reached_by_one_person_either(host: str) -> None:
    with pytest.raises(InputError):
        Guard(loopback=True).check(f"https://{host}/v1")


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_plain_web_address_is_refused(address: str) -> None:
    with pytest.raises(InputError):
        says([PUBLIC]).check(address)


@pytest.mark.parametrize("address", [PUBLIC, ELSEWHERE, "::ffff:5db8:d822", "64:ff9b::5db8:d822"])
def test_public_addresses_are_known_as_such(address: str) -> None:
    assert is_public(address)


def test_a_public_server_is_let_through_with_https_alone() -> None:
    says([PUBLIC, ELSEWHERE]).check("https://api.example.com/v1")
    with pytest.raises(InputError, match="https"):
        says([PUBLIC]).check("http://api.example.com/v1")


@pytest.mark.parametrize("hidden", ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1"])
def test_one_address_inside_among_several_is_enough_to_refuse(hidden: str) -> None:
    with pytest.raises(InputError):
        says([PUBLIC, hidden, ELSEWHERE]).check("https://api.example.com/v1")


def test_a_name_that_changes_its_mind_after_the_check_reaches_nothing() -> None:
    with FakeServer() as inside:
        address = inside.base_url.replace("127.0.0.1", "localhost")  # a name that would be found without the guard
        guard = says([PUBLIC], ["127.0.0.1"])
        guard.check(address.replace("http:", "https:"))
        model = OpenAIModel("m", "sk-secret", address, guard=guard, attempts=1)

        with pytest.raises(ModelError) as refused:
            list(model.stream(ASKED, max_tokens=9))

        assert refused.value.fault == "unreachable"
        assert inside.requests == []


def test_the_connection_goes_to_the_address_that_was_checked_under_the_name_that_was_typed() -> None:
    with FakeServer() as server:
        port = server.base_url.removesuffix("/v1").rsplit(":")[-1]
        guard = Guard(loopback=True, resolve=lambda host, port: ["127.0.0.1"])
        model = OpenAIModel("m", "", f"http://model.example.com:{port}/v1", guard=guard)

        assert "".join(model.stream(ASKED, max_tokens=9)) == server.reply
        assert server.chats[0].headers["host"] == f"model.example.com:{port}"


@pytest.mark.parametrize("guard", [None, Guard(loopback=True)], ids=["of the settings", "typed"])
def test_no_redirect_is_followed(guard: Guard | None) -> None:
    with FakeServer() as server:
        model = OpenAIModel("fake:redirect", "sk-secret", server.base_url, guard=guard, attempts=1)

        with pytest.raises(ModelError):
            list(model.stream(ASKED, max_tokens=9))

        assert len(server.requests) == 1


def settings(folder: Path, **values: str) -> Settings:
    return Settings(_env_file=None, INTERVIEWER_DATA_DIR=folder, **values)


def test_a_shared_server_takes_no_typed_address_until_it_is_listed(tmp_path: Path) -> None:
    shared = settings(tmp_path, INTERVIEWER_LOGIN="1")
    listed = settings(tmp_path, INTERVIEWER_LOGIN="1", INTERVIEWER_ALLOWED_BASE_URLS="http://10.0.0.5:8000/v1/")

    for address in ("https://api.example.com/v1", "http://127.0.0.1:11434/v1", "http://10.0.0.5:8000/v1"):
        with pytest.raises(InputError, match="Choose one from the list"):
            own_connection(shared, "m", address, "sk-12345678")
    with pytest.raises(InputError):
        own_connection(listed, "m", "http://10.0.0.5:8000/v1@evil.example.com", "")
    assert own_connection(listed, "m", "http://10.0.0.5:8000/v1/").base_url == "http://10.0.0.5:8000/v1"
    assert own_connection(shared, "m", "", "sk-12345678").base_url is None


def test_what_one_person_types_is_guarded_at_every_request(tmp_path: Path) -> None:
    typed = own_connection(settings(tmp_path), "m", "http://127.0.0.1:9/v1")

    assert typed.guarded
    assert isinstance(build_model(typed, "m"), OpenAIModel)


@pytest.mark.parametrize("key", ["sk-\nX: 1", "sk-ключ", "sk- 1", "sk-\x1b[31m", "s" * 301])
def test_a_key_with_a_character_that_no_key_has_is_refused_without_being_repeated(key: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        own_connection(settings(tmp_path), "m", "", key)

    assert key not in str(refused.value)
