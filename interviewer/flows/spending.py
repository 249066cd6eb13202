"""What model calls may take: reserved in the ledger of this process before a call, settled in the store after it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from interviewer.domain.budget import Budget, Call, Ceiling, refusal
from interviewer.domain.interview import Usage
from interviewer.errors import ModelError, NotFoundError
from interviewer.flows.ports import Store

Settle = Callable[[Usage], None]
Reserve = Callable[[Usage], Settle]
Price = Callable[[Usage], Call]


class _Reservation(NamedTuple):
    owner: str
    interview: str | None
    call: Call


class Spending:
    """The ceilings of everybody who uses this process. Safe to share between threads.

    A call that is under way counts with the most that it can take, so that calls which begin at once cannot go over
    a ceiling together. Processes that share a database see one another's calls when they are settled.
    """

    def __init__(self, store: Store, budget: Budget, clock: Callable[[], datetime]) -> None:
        self._store, self._budget, self._clock = store, budget, clock
        self._under_way: list[_Reservation] = []
        self._lock = threading.Lock()

    def reserve(self, most: Usage, price: Price, *, owner: str, interview: str | None) -> Settle:
        """Set aside what a call may take, for an interview or for none; the result is called once, with what it took.

        Raises ModelError("quota") with the sentence to show when a ceiling would be broken.
        """
        reservation = _Reservation(owner, interview, price(most))
        with self._lock:
            refused = self._refusal(reservation)
            if refused:
                raise ModelError("quota", refused)
            self._under_way.append(reservation)

        def settle(usage: Usage) -> None:
            with self._lock:
                try:
                    if usage.input_tokens or usage.output_tokens:
                        self._keep(interview, price(usage), owner)
                finally:
                    self._under_way = [other for other in self._under_way if other is not reservation]

        return settle

    def _keep(self, interview: str | None, call: Call, owner: str) -> None:
        try:
            self._store.add_call(interview, call, owner=owner)
        except NotFoundError:  # deleted while the call was under way, which does not make it free
            self._store.add_call(None, call, owner=owner)

    def _refusal(self, wanted: _Reservation) -> str:
        if self._budget == Budget():
            return ""
        today = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
        begun = [(other.owner, other.interview, other.call) for other in self._under_way]
        own = [call for owner, _, call in begun if owner == wanted.owner]
        of_interview: list[Call] = []
        if wanted.interview is not None:
            of_interview += self._store.calls(owner=wanted.owner, id=wanted.interview)
            of_interview += [call for owner, id, call in begun if (owner, id) == (wanted.owner, wanted.interview)]
        total = self._budget.total
        return refusal(
            wanted.call,
            of_interview,
            [*self._store.calls(owner=wanted.owner, since=today), *own],
            self._budget,
            [] if total == Ceiling() else [*self._store.calls_of_all(since=today), *(call for _, _, call in begun)],
        )
