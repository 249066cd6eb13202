"""The part of a model's output that is meant for the reader: no reasoning, no characters that harm."""

from __future__ import annotations

import re

# Half emojis cannot be encoded, NUL cannot be stored, escapes steer terminals, and bidirectional overrides make
# a text read differently from what it says. Zero-width joiners stay: emoji and several scripts need them.
_HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_TAGS = {"<think>": "</think>", "<thinking>": "</thinking>"}


def clean(text: str) -> str:
    """The text with each harmful character replaced by U+FFFD; its length stays the same."""
    return _HARMFUL.sub("�", text)


class VisibleText:
    """Takes a reply piece by piece and gives what may be shown: without leading blanks and `<think>` blocks.

    Only blocks before the first visible word are reasoning; a tag later on is part of the reply.
    """

    def __init__(self) -> None:
        self._held = ""
        self._closing = ""
        self._begun = False

    def feed(self, piece: str) -> str:
        """What the piece adds to the visible text; "" while that cannot be known yet."""
        if self._begun:
            return clean(piece)
        self._held += piece
        while True:
            if self._closing:
                before, found, after = self._held.partition(self._closing)
                if not found:
                    # Only the end can still become the closing tag: long reasoning is not kept.
                    self._held = before[-len(self._closing) :]
                    return ""
                self._held, self._closing = after, ""
            self._held = self._held.lstrip()
            opening = next((tag for tag in _TAGS if self._held.startswith(tag)), None)
            if opening is None:
                break
            self._closing = _TAGS[opening]
            self._held = self._held[len(opening) :]
        if any(tag.startswith(self._held) for tag in _TAGS):
            return ""
        return self._release()

    def end(self) -> str:
        """What was held back in case it became a tag, now that nothing follows."""
        return "" if self._closing or self._begun else self._release()

    def _release(self) -> str:
        self._begun = bool(self._held)
        released, self._held = self._held, ""
        return clean(released)
