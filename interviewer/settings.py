"""What can be set from outside: the only reader of the environment and of .env."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from interviewer.errors import SettingsError

Engine = Literal["auto", "coach", "llm"]
SCRIPTED = "scripted"


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
        Field(alias="INTERVIEWER_DATABASE_URL", description="Another database, as an SQLAlchemy address."),
    ] = None
    scenarios_dir: Annotated[
        Path | None,
        Field(alias="INTERVIEWER_SCENARIOS_DIR", description="Another folder of scenarios instead of the shipped one."),
    ] = None

    interview_tokens: Annotated[
        int | None,
        Field(alias="INTERVIEWER_INTERVIEW_TOKENS", ge=1, description="At most so many model tokens an interview."),
    ] = None
    day_tokens: Annotated[
        int | None, Field(alias="INTERVIEWER_DAY_TOKENS", ge=1, description="At most so many model tokens a day.")
    ] = None
    interview_dollars: Annotated[
        float | None,
        Field(alias="INTERVIEWER_INTERVIEW_DOLLARS", gt=0, description="At most so many US dollars an interview."),
    ] = None
    day_dollars: Annotated[
        float | None, Field(alias="INTERVIEWER_DAY_DOLLARS", gt=0, description="At most so many US dollars a day.")
    ] = None

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


def read_settings(**overrides: object) -> Settings:
    """The settings of this process. Raises SettingsError that names the setting and never shows its value."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"The setting {name} cannot be used: {first['msg']}.") from None
