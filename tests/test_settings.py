"""What can be set from outside, and what is refused without being repeated."""

from __future__ import annotations

import pytest

from interviewer.errors import SettingsError
from interviewer.settings import Settings, read_settings


def test_lists_are_written_with_commas() -> None:
    own = Settings(
        _env_file=None,
        INTERVIEWER_PROXY_ADDRESSES="10.0.0.0/8, ::1",
        INTERVIEWER_ALLOWED_BASE_URLS="https://a.example.com/v1/,http://10.0.0.5:8000/v1",
        INTERVIEWER_ALLOWED_HOSTS=" practice.example.com ",
    )

    assert [str(network) for network in own.proxies] == ["10.0.0.0/8", "::1/128"]
    assert own.allowed_base_urls == ("https://a.example.com/v1", "http://10.0.0.5:8000/v1")
    assert own.allowed_hosts == ("practice.example.com",)


def test_from_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_ALLOWED_HOSTS", "a.example.com,b.example.com")
    monkeypatch.setenv("INTERVIEWER_LOG_LEVEL", "debug")

    own = read_settings(_env_file=None)

    assert (own.allowed_hosts, own.log_level) == (("a.example.com", "b.example.com"), "DEBUG")


@pytest.mark.parametrize(
    ("values", "sharing"),
    [
        ({}, "one person"),
        ({"INTERVIEWER_ALLOW_ANYONE": "1"}, "anyone"),
        ({"INTERVIEWER_ALLOW_ANYONE": "1", "INTERVIEWER_LOGIN": "1"}, "sign-in"),
        ({"INTERVIEWER_LOGIN": "1", "INTERVIEWER_TRUSTED_HEADER": "X-Forwarded-User"}, "trusted proxy"),
    ],
)
def test_the_stricter_way_of_telling_people_apart_wins(values: dict[str, str], sharing: str) -> None:
    assert Settings(_env_file=None, **values).sharing == sharing


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTERVIEWER_PROXY_ADDRESSES", "secret.example.com"),
        ("INTERVIEWER_TRUSTED_HEADER", "X Forwarded\r\nUser"),
        ("INTERVIEWER_ALLOWED_BASE_URLS", "ftp://secret.example.com"),
        ("INTERVIEWER_LOG_LEVEL", "secret"),
        ("INTERVIEWER_TOTAL_DAY_TOKENS", "0"),
        ("OPENAI_BASE_URL", "secret.example.com"),
    ],
)
def test_a_setting_that_cannot_work_is_named_and_not_repeated(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name) as refused:
        read_settings(_env_file=None)

    assert value not in str(refused.value)
