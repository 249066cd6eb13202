"""The one family of errors whose message is fit to show to the person using the app.

InterviewerError
├── ScenarioError        a scenario file cannot be used
├── PromptError          a prompt template is missing or was given the wrong values
├── StorageError         nothing could be saved or read
│   ├── NotFoundError    no such interview for this person
│   └── ConflictError    another tab was first
├── InputError           what was typed or sent cannot be taken as it is
├── SettingsError        a setting has a value that cannot work
└── ModelError           the language model gave no usable reply
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


class InterviewerError(Exception):
    """Base of the family. `str(error)` says what happened, where, and what to do."""


@dataclass(frozen=True)
class FileProblem:
    """One thing wrong with one field of a file. `line` counts from 1; 0 when no line is known."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class ScenarioError(InterviewerError):
    """A scenario file cannot be used. `problems` holds every finding, each printable on one line."""

    def __init__(self, problems: tuple[FileProblem, ...]) -> None:
        first, *others = problems
        super().__init__(f"{first} (and {len(others)} more)" if others else str(first))
        self.problems = problems


class PromptError(InterviewerError):
    """A prompt template is missing or was given the wrong values."""


class StorageError(InterviewerError):
    """Nothing could be saved or read."""


class NotFoundError(StorageError):
    """No such interview for this person. The same words whether it never was or belongs to another."""


class ConflictError(StorageError):
    """Something else was stored in this place meanwhile, usually by a second tab."""


class InputError(InterviewerError):
    """What was typed or sent cannot be taken as it is."""


class SettingsError(InterviewerError):
    """A setting has a value that cannot work."""


ModelFault = Literal[
    "auth",  # the key was refused
    "quota",  # no credit left: trying again does not help
    "busy",  # too many requests, or the server is overloaded: trying later helps
    "not_found",  # no such model or address
    "unreachable",  # no connection
    "timeout",  # no answer in time
    "interrupted",  # the reply broke off
    "cut_short",  # the reply reached the length limit
    "filtered",  # the provider's content filter stopped it
    "refused",  # the model declined
    "empty",  # a reply without content
    "invalid",  # a reply that does not fit the protocol or the asked-for shape
    "too_long",  # the prompt does not fit the model
    "unsupported",  # the server refused a parameter
    "stopped",  # the person pressed stop
]


class ModelError(InterviewerError):
    """The language model gave no usable reply.

    `fault` says why, `retry_after` how many seconds the server asked to wait (None when it did not say),
    `partial` the text that had arrived before the fault.
    """

    def __init__(self, fault: ModelFault, message: str, *, retry_after: float | None = None, partial: str = "") -> None:
        super().__init__(message)
        self.fault: ModelFault = fault
        self.retry_after = retry_after
        self.partial = partial

    @property
    def is_lasting(self) -> bool:
        """Whether the next request to this server would fail in the same way."""
        return self.fault in ("auth", "quota", "not_found", "unreachable")
