"""What calls of a model cost, from the dated table in prices.json. A price that is not in it is not guessed."""

from __future__ import annotations

import functools
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from interviewer.adapters.openai_model.profiles import host_of, is_this_machine
from interviewer.domain.interview import Usage

FILE = Path(__file__).parent / "prices.json"
PER_TOKENS = 1_000_000


class Price(BaseModel):
    """One entry of the table, in US dollars per million tokens. prices.json says what each field means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    models: tuple[str, ...]
    input: float
    cached: float | None = None
    cache_write: float | None = None
    output: float
    as_of: date
    source: str
    read_in: str
    until: date | None = None
    at_most: bool = False

    def of(self, usage: Usage) -> float:
        """The cost of this usage in US dollars; at most that when `at_most` is set."""
        cached = min(usage.cached_tokens, usage.input_tokens)
        fresh_price = self.input if self.cache_write is None else max(self.input, self.cache_write)
        fresh = (usage.input_tokens - cached) * fresh_price
        reread = cached * (self.input if self.cached is None else self.cached)
        return (fresh + reread + usage.output_tokens * self.output) / PER_TOKENS


class PriceTable(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verified_on: date
    unit: str
    fields: dict[str, str]
    prices: tuple[Price, ...]


@functools.cache
def table() -> PriceTable:
    """The table as it is shipped. Read once."""
    return PriceTable.model_validate_json(FILE.read_text(encoding="utf-8"))


def price(model: str, base_url: str | None, *, on: date | None = None) -> Price | None:
    """What this model costs at this address; None when the table does not say. `on` is today unless given."""
    host, name, day = host_of(base_url), model.removeprefix("models/"), on or date.today()
    for entry in table().prices:
        if entry.host == host and any(fnmatchcase(name, pattern) for pattern in entry.models):
            return None if entry.until and day > entry.until else entry
    return None


def cost(model: str, base_url: str | None, usage: Usage, *, on: date | None = None) -> float | None:
    """What this usage cost in US dollars: nothing on this machine, None when the price is not known.

    An address of None is OpenAI's own.
    """
    if is_this_machine(base_url):
        return 0.0
    entry = price(model, base_url, on=on)
    return entry.of(usage) if entry else None
