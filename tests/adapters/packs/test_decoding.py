"""Bytes become the text that was meant, and what was done to them is said."""

from __future__ import annotations

import pytest

from interviewer.adapters.packs.decoding import NotText, decoded

MEANT = "A café → ten × the load — “now” ✅ 🏷️ costs €5 in Zürich.\nSecond line ≥ 3.\n"


def test_text_that_is_whole_stays_as_it_is() -> None:
    assert decoded(MEANT.encode()) == (MEANT, ())


def test_text_that_was_read_as_mac_roman_is_put_back_exactly() -> None:
    text, notes = decoded(MEANT.encode().decode("mac_roman").encode())

    assert text == MEANT
    assert "Mac Roman" in notes[0][1]


def test_the_whole_of_unicode_survives_the_damage() -> None:
    every = " ".join(chr(code) for code in (0xE9, 0x107, 0x3B1, 0x416, 0x5D0, 0x4E2D, 0x20AC, 0x2192, 0x1F389, 0xFE0F))

    assert decoded(every.encode().decode("mac_roman").encode()).text == every


def test_a_page_that_is_damaged_in_part_is_repaired_where_it_is() -> None:
    damaged = "caf√© and ‚Üí beside a sound → and naïve\n"

    assert decoded(damaged.encode()).text == "café and → beside a sound → and naïve\n"


def test_text_that_was_read_as_windows_1252_is_repaired_with_its_line() -> None:
    text, notes = decoded("fine\nItâ€™s a cafÃ© in ZÃ¼rich".encode())

    assert text == "fine\nIt’s a café in Zürich"
    assert [line for line, _ in notes] == [2]


@pytest.mark.parametrize(
    "sound",
    [
        "Ein schöner Café-Besuch in São Paulo",
        "Цена 5 €",
        "√2 ≈ 1.41 and ∑ of all",
        "Über-ÄÖÜ: 50 µs ± 2",
        "日本語の質問",
    ],
)
def test_other_languages_and_formulas_are_no_damage(sound: str) -> None:
    assert decoded(sound.encode()) == (sound, ())


def test_one_odd_pair_alone_may_be_meant() -> None:
    assert decoded("The character √ó stands here.".encode()).text == "The character √ó stands here."


def test_a_lost_character_is_named_with_its_line() -> None:
    _, notes = decoded("one\ndisplay as \ufffd here".encode())

    assert [(line, "lost" in note) for line, note in notes] == [(2, True)]


@pytest.mark.parametrize("name", ["utf-16", "utf-32", "utf-8-sig"])
def test_other_encodings_that_say_so_are_read(name: str) -> None:
    assert decoded(MEANT.encode(name)).text == MEANT


def test_windows_1252_is_read_and_said() -> None:
    text, notes = decoded("Caf\xe9 \u2013 yes".encode("cp1252"))

    assert text == "Café – yes"
    assert "Windows-1252" in notes[0][1]


def test_control_characters_and_foreign_line_ends_are_no_part_of_a_text() -> None:
    text, _ = decoded(b"one\r\ntwo\rthree \x1b[31mred\x07 " + "four\u2028five".encode() + b" " * 200)

    assert text.rstrip() == "one\ntwo\nthree [31mred four\nfive"


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02", b"PK\x03\x04\x14\x00", bytes(range(1, 32)) * 9, b"\xff\xfe\x00", b"\x81"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(NotText):
        decoded(data)
