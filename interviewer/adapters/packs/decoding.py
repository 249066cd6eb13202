"""Bytes -> text, with damaged encodings repaired: what was done is reported, and what cannot be undone stays."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

DAMAGED_AT_LEAST = 2  # one such pair may be meant
CONTROL_SHARE = 0.02  # of the characters; text has next to none
LOST = "\ufffd"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LINE_END = re.compile("\r\n?|\u2028|\u2029")
_MAC_ROMAN = re.compile(f"[{re.escape(bytes(range(0x80, 0x100)).decode('mac_roman'))}]{{2,}}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Decoded(NamedTuple):
    """The text, and notes on what was repaired or is lost: line (0 for the whole file) and what happened."""

    text: str
    notes: tuple[tuple[int, str], ...] = ()


class NotText(Exception):
    """The bytes hold no text; the message says why."""


def decoded(data: bytes) -> Decoded:
    """The text in `data`, with line ends as newlines. Raises NotText for what is no text."""
    text, note = _characters(data)
    notes = [(0, note)] if note else []
    text, repaired = _repaired(_LINE_END.sub("\n", text))
    text = _CONTROL.sub("", text)
    notes += repaired
    notes += [
        (number, "a character was lost here before the import; compare with the source") for number in _lost(text)
    ]
    return Decoded(text, tuple(notes))


def _characters(data: bytes) -> tuple[str, str]:
    """Text and, when it was not UTF-8, what it was taken for."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                text = data.decode(name)
            except UnicodeDecodeError as error:
                raise NotText(f"is not the text that its first bytes announce (byte {error.start})") from None
            return _checked(text), "" if name == "utf-8-sig" else f"read as {name.upper()}"
    if b"\x00" in data:
        raise NotText("is binary: it holds NUL bytes")
    try:
        return _checked(data.decode("utf-8")), ""
    except UnicodeDecodeError as error:
        try:
            return _checked(data.decode("cp1252")), f"is not UTF-8 (byte {error.start}); read as Windows-1252"
        except UnicodeDecodeError:
            raise NotText(f"is neither UTF-8 (byte {error.start}) nor Windows-1252 text") from None


def _checked(text: str) -> str:
    if len(_CONTROL.findall(text.replace("\r", ""))) > CONTROL_SHARE * len(text):
        raise NotText("is binary: it holds control characters")
    return text


def _repaired(text: str) -> tuple[str, list[tuple[int, str]]]:
    """UTF-8 that was read as Mac Roman is put back exactly; for other damage ftfy is asked, line by line."""
    whole, pairs = _from_mac_roman(text)
    if pairs >= DAMAGED_AT_LEAST:
        return whole, [(0, f"{pairs} damaged characters repaired (UTF-8 that was read as Mac Roman)")]
    if text.isascii():
        return text, []
    from ftfy import fix_encoding

    lines = text.split("\n")
    fixed = [line if line.isascii() else fix_encoding(line) for line in lines]
    changed = [number for number, (old, new) in enumerate(zip(lines, fixed, strict=True), 1) if old != new]
    if sum(_pairs(lines[number - 1], fixed[number - 1]) for number in changed) < DAMAGED_AT_LEAST:
        return text, []
    return "\n".join(fixed), [(number, "damaged characters repaired; compare with the source") for number in changed]


def _from_mac_roman(text: str) -> tuple[str, int]:
    """The text with every run put back that is UTF-8 once it is written as Mac Roman, and how many characters."""
    count = 0

    def back(match: re.Match[str]) -> str:
        nonlocal count
        try:
            fixed = match[0].encode("mac_roman").decode("utf-8")
        except UnicodeError:
            return match[0]
        count += len(fixed)
        return fixed

    return _MAC_ROMAN.sub(back, text), count


def _pairs(old: str, new: str) -> int:
    return max(1, len(_NOT_ASCII.findall(old)) - len(_NOT_ASCII.findall(new)) + len(old) - len(new))


def _lost(text: str) -> list[int]:
    return [number for number, line in enumerate(text.split("\n"), 1) if LOST in line]
