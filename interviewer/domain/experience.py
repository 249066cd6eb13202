"""A Story: one case from the candidate's own work, kept to be told when an interviewer asks for one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from interviewer.domain.scenario import Tag

TITLE_CHARACTERS = 120
PART_CHARACTERS = 4_000
TAGS = 10

Part = Literal["situation", "task", "action", "result"]
PARTS: tuple[Part, ...] = ("situation", "task", "action", "result")

_Title = Annotated[str, StringConstraints(max_length=TITLE_CHARACTERS, strip_whitespace=True)]
_Words = Annotated[str, StringConstraints(max_length=PART_CHARACTERS)]


class Story(BaseModel):
    """In the candidate's words, part by part; what they have not written yet is "".

    `numbers` are figures worth remembering, `tags` the topics it is about.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    title: _Title = ""
    situation: _Words = ""
    task: _Words = ""
    action: _Words = ""
    result: _Words = ""
    numbers: _Words = ""
    tags: tuple[Tag, ...] = ()
    updated_at: datetime

    @property
    def shown_title(self) -> str:
        return self.title or "Story without a title"

    @property
    def is_blank(self) -> bool:
        return not any((self.title, self.situation, self.task, self.action, self.result, self.numbers, self.tags))
