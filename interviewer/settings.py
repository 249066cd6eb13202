"""What can be set from outside: the only reader of the environment and of .env."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from interviewer.errors import SettingsError

Engine = Literal["auto", "coach", "llm"]
Sharing = Literal["one person", "trusted proxy", "sign-in", "anyone"]
Network = IPv4Network | IPv6Network
Names = Annotated[tuple[str, ...], NoDecode]
SCRIPTED = "scripted"
OWNER = "local"  # of everything, while the app is for one person


class Settings(BaseSettings):
    """Every setting, with its name in the environment. An empty value counts as not set."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True)

    openai_api_key: Annotated[
        SecretStr | None,
        Field(alias="OPENAI_API_KEY", description="Key of the model's provider. A local server needs none."),
    ] = None
    openai_base_url: Annotated[
        str | None,
        Field(alias="OPENAI_BASE_URL", description="Address of any OpenAI-compatible server, ending in /v1."),
    ] = None
    model: Annotated[
        str | None,
        Field(
            alias="INTERVIEWER_MODEL", description="Model that words the questions; `scripted` is a demo without one."
        ),
    ] = None
    judge_model: Annotated[
        str | None,
        Field(
            alias="INTERVIEWER_JUDGE_MODEL",
            description="Model that grades, if another one; `coach` for the built-in coach.",
        ),
    ] = None
    engine: Annotated[
        Engine,
        Field(
            alias="INTERVIEWER_ENGINE",
            description="`coach` never calls a model, `llm` insists on one, `auto` uses one when it is set up.",
        ),
    ] = "auto"
    data_dir: Annotated[
        Path,
        Field(
            alias="INTERVIEWER_DATA_DIR",
            description="Folder of the database and your own scenarios. Default: the system's place for user data.",
        ),
    ] = Path(platformdirs.user_data_dir("interviewer"))
    database_url: Annotated[
        str | None,
        Field(
            alias="INTERVIEWER_DATABASE_URL",
            description="Another database, as an SQLAlchemy address; PostgreSQL needs the extra `postgres`.",
        ),
    ] = None
    scenarios_dir: Annotated[
        Path | None,
        Field(alias="INTERVIEWER_SCENARIOS_DIR", description="Another folder of scenarios instead of the shipped one."),
    ] = None
    retention_days: Annotated[
        int | None,
        Field(
            alias="INTERVIEWER_RETENTION_DAYS",
            ge=1,
            le=36_500,
            description="At start, delete interviews that nobody touched for so many days. Default: never.",
        ),
    ] = None

    interview_tokens: Annotated[
        int | None,
        Field(alias="INTERVIEWER_INTERVIEW_TOKENS", ge=1, description="At most so many model tokens an interview."),
    ] = None
    day_tokens: Annotated[
        int | None,
        Field(alias="INTERVIEWER_DAY_TOKENS", ge=1, description="At most so many model tokens a day for each person."),
    ] = None
    interview_dollars: Annotated[
        float | None,
        Field(alias="INTERVIEWER_INTERVIEW_DOLLARS", gt=0, description="At most so many US dollars an interview."),
    ] = None
    day_dollars: Annotated[
        float | None,
        Field(alias="INTERVIEWER_DAY_DOLLARS", gt=0, description="At most so many US dollars a day for each person."),
    ] = None

    day_requests: Annotated[
        int | None,
        Field(alias="INTERVIEWER_DAY_REQUESTS", ge=1, description="At most so many model calls a day for each person."),
    ] = None
    total_day_tokens: Annotated[
        int | None,
        Field(
            alias="INTERVIEWER_TOTAL_DAY_TOKENS", ge=1, description="At most so many model tokens a day for all people."
        ),
    ] = None
    total_day_dollars: Annotated[
        float | None,
        Field(
            alias="INTERVIEWER_TOTAL_DAY_DOLLARS", gt=0, description="At most so many US dollars a day for all people."
        ),
    ] = None
    total_day_requests: Annotated[
        int | None,
        Field(
            alias="INTERVIEWER_TOTAL_DAY_REQUESTS",
            ge=1,
            description="At most so many model calls a day for all people.",
        ),
    ] = None

    login: Annotated[
        bool,
        Field(
            alias="INTERVIEWER_LOGIN",
            description="`1`: everybody signs in (OpenID Connect, set up in .streamlit/secrets.toml).",
        ),
    ] = False
    trusted_header: Annotated[
        str | None,
        Field(
            alias="INTERVIEWER_TRUSTED_HEADER",
            pattern=r"^[A-Za-z0-9-]{1,64}$",
            description="Header in which your proxy names the person, such as X-Forwarded-User.",
        ),
    ] = None
    proxy_addresses: Annotated[
        Names,
        Field(
            alias="INTERVIEWER_PROXY_ADDRESSES",
            description="Addresses or networks of that proxy, with commas; nothing else gets in.",
        ),
    ] = ("127.0.0.1", "::1")
    allow_anyone: Annotated[
        bool,
        Field(
            alias="INTERVIEWER_ALLOW_ANYONE",
            description="`1`: whoever reaches the address may use it; each browser is a person of its own.",
        ),
    ] = False
    allowed_hosts: Annotated[
        Names,
        Field(
            alias="INTERVIEWER_ALLOWED_HOSTS",
            description="Host names under which a shared server is reached, with commas; empty means any.",
        ),
    ] = ()
    allowed_base_urls: Annotated[
        Names,
        Field(
            alias="INTERVIEWER_ALLOWED_BASE_URLS",
            description="Addresses of model servers that people may choose, with commas.",
        ),
    ] = ()
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        Field(alias="INTERVIEWER_LOG_LEVEL", description="How much the app logs; what was said appears at no level."),
    ] = "INFO"

    @field_validator("proxy_addresses", "allowed_hosts", "allowed_base_urls", mode="before")
    @classmethod
    def _with_commas(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("proxy_addresses")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            for part in value:
                ip_network(part)
        except ValueError:
            raise ValueError("must be addresses or networks such as 10.0.0.0/8, with commas") from None
        return value

    @field_validator("allowed_base_urls")
    @classmethod
    def _web_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cls._web_address(part) or "" for part in value)

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("openai_base_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/") if value else value

    @property
    def database(self) -> str:
        """The address of the database: the one that is set, or an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.expanduser() / 'interviews.sqlite3'}"

    @property
    def secrets(self) -> list[str]:
        """What no log may show."""
        return [self.openai_api_key.get_secret_value()] if self.openai_api_key else []

    @property
    def sharing(self) -> Sharing:
        """Who uses this server, and how it tells one person from another."""
        if self.trusted_header:
            return "trusted proxy"
        if self.login:
            return "sign-in"
        return "anyone" if self.allow_anyone else "one person"

    @property
    def proxies(self) -> tuple[Network, ...]:
        return tuple(ip_network(part) for part in self.proxy_addresses)


def resources() -> Path:
    """The folder with app.py, prompts/ and scenarios/: inside an installed wheel, or the repository."""
    bundled = Path(__file__).parent / "bundled"
    return bundled if bundled.is_dir() else Path(__file__).parent.parent


def is_loopback(host: str) -> bool:
    """Whether this address or name of a host means this machine."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host.lower() == "localhost"
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def refusal_to_serve(settings: Settings, address: str) -> str:
    """Why nothing is served at this address; "" when it may be. An empty address means every one of the machine."""
    if settings.sharing != "one person" or is_loopback(address):
        return ""
    with_key = " with your key" if settings.openai_api_key else ""
    return (
        f"{address or 'Every address of this machine'} can be reached by other people, and nobody has to sign in: "
        f"anyone could interview{with_key} and read what was said. Set INTERVIEWER_LOGIN=1 or "
        "INTERVIEWER_TRUSTED_HEADER, or INTERVIEWER_ALLOW_ANYONE=1 if that is what you want."
    )


def read_settings(**overrides: object) -> Settings:
    """The settings of this process. Raises SettingsError that names the setting and never shows its value."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"The setting {name} cannot be used: {first['msg']}.") from None
