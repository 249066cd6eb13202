"""Ceilings on what the calls of a model may take: checked before the call that would break one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from interviewer.domain.interview import Usage

GOES_ON = "The built-in coach goes on."
NEARLY = 0.95  # of a ceiling: from here on "39,800 of 40,000" explains itself


class Call(NamedTuple):
    """One call of a model, made or planned. `dollars` is None when its price is not known."""

    model: str
    usage: Usage
    dollars: float | None = None

    @property
    def tokens(self) -> int:
        return self.usage.input_tokens + self.usage.output_tokens


class Ceiling(NamedTuple):
    """At most this many tokens (in and out, cached or not), this much money, this many calls. None sets no limit."""

    tokens: int | None = None
    dollars: float | None = None
    requests: int | None = None


class Budget(NamedTuple):
    """The ceilings of one interview, of one person's day, and of the day of all people together."""

    interview: Ceiling = Ceiling()
    day: Ceiling = Ceiling()
    total: Ceiling = Ceiling()


def at_most(input_tokens: int, max_tokens: int) -> Usage:
    """The most that one request can take: its counted input, nothing of it cached, and every token it may say."""
    return Usage(input_tokens=input_tokens, output_tokens=max_tokens, estimated=True)


def refusal(
    planned: Call, interview: Sequence[Call], today: Sequence[Call], budget: Budget, everyone: Sequence[Call] = ()
) -> str:
    """The sentence that says why `planned` may not be made; "" when it may.

    `today` holds the calls of all of this person's interviews of the day, this one's among them, and `everyone` those
    of all people. What others used is not told: a total that is reached is said without a figure.
    """
    own = _over("This interview has", "its", planned, interview, budget.interview) or _over(
        "Today's interviews have", "their", planned, today, budget.day
    )
    if own:
        return own
    if not _over("Today's interviews have", "their", planned, everyone, budget.total):
        return ""
    if budget.total.dollars is not None and planned.dollars is None:
        return _no_price(planned.model, budget.total.dollars)
    return f"The limit of this server for today is reached. {GOES_ON}"


def in_dollars(amount: float) -> str:
    """An amount as it is shown: cents from ten cents on, smaller amounts to a hundredth of a cent."""
    if 0 < amount < 0.0001:
        return "less than $0.0001"
    return f"${amount:,.2f}" if amount >= 0.1 or amount == 0 else f"${amount:.4f}"


def _over(who: str, whose: str, planned: Call, used: Sequence[Call], ceiling: Ceiling) -> str:
    if ceiling.requests is not None and len(used) >= ceiling.requests:
        return f"{who} used {len(used):,} of {whose} {ceiling.requests:,} model calls. {GOES_ON}"
    if ceiling.tokens is not None:
        spent = sum(call.tokens for call in used)
        if spent + planned.tokens > ceiling.tokens:
            shown = f"{who} used {spent:,} of {whose} {ceiling.tokens:,} tokens"
            more = "" if spent >= NEARLY * ceiling.tokens else f", and the next reply may take {planned.tokens:,}"
            return f"{shown}{more}. {GOES_ON}"
    if ceiling.dollars is None:
        return ""
    costs = [call.dollars for call in (*used, planned)]
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        unknown = next(call.model for call in (planned, *used) if call.dollars is None)
        return _no_price(unknown, ceiling.dollars)
    if sum(known) > ceiling.dollars:
        spent_dollars = sum(known[:-1])
        shown = f"{who} used {in_dollars(spent_dollars)} of {whose} {in_dollars(ceiling.dollars)}"
        close = spent_dollars >= NEARLY * ceiling.dollars
        more = "" if close else f", and the next reply may cost {in_dollars(known[-1])}"
        return f"{shown}{more}. {GOES_ON}"
    return ""


def _no_price(model: str, limit: float) -> str:
    return f'The price of "{model}" is not known, so the limit of {in_dollars(limit)} cannot be kept. {GOES_ON}'
