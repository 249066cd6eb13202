"""A prompt is filled in completely or not at all, and what is put in is never read as a template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interviewer.adapters.prompt_files import PromptFiles
from interviewer.errors import PromptError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "greeting.md").write_text("{# For a test. #}\nHello {{ name }}.\n", encoding="utf-8")
    return tmp_path


def test_values_are_put_in_and_the_comment_is_left_out(folder: Path) -> None:
    assert PromptFiles(folder).render("greeting", {"name": "Ada"}).text == "Hello Ada."


def test_a_missing_value_is_an_error_that_names_it(folder: Path) -> None:
    with pytest.raises(PromptError, match=r"'greeting\.md' cannot be filled in: 'name' is undefined"):
        PromptFiles(folder).render("greeting", {})


@pytest.mark.parametrize(
    "template",
    ["{{ name.nothing }}", "{{ name }", "{% for %}", "{% include 'x' %}", "{{ name | join }}", "{{ 1 + name }}"],
)
def test_a_template_that_cannot_be_filled_in_is_an_error(template: str, folder: Path) -> None:
    (folder / "bad.md").write_text(template, encoding="utf-8")

    with pytest.raises(PromptError, match=r"'bad\.md' cannot be filled in"):
        PromptFiles(folder).render("bad", {"name": None if "join" in template else "Ada"})


@pytest.mark.parametrize("name", ["nothing", "../greeting", "/etc/hostname", "", "a\x00b", "x" * 5_000])
def test_a_prompt_that_is_not_there_is_an_error_without_the_layout_of_the_machine(name: str, folder: Path) -> None:
    (folder / "inner").mkdir()

    with pytest.raises(PromptError) as raised:
        PromptFiles(folder / "inner").render(name, {"name": "Ada"})
    assert str(folder) not in str(raised.value)


def test_a_file_that_is_not_text_is_an_error(folder: Path) -> None:
    (folder / "bad.md").write_bytes(b"caf\xe9 {{ name }}")

    with pytest.raises(PromptError, match="is not UTF-8 text"):
        PromptFiles(folder).render("bad", {"name": "Ada"})


@pytest.mark.parametrize(
    "value",
    [
        "{{ 7 * 7 }}",
        "{% raw %}",
        "{# gone #}",
        "{{ self }}",
        "{{ ''.__class__ }}",
        "<b>&amp;</b>",
        "\ud800",
        "\x00",
        "%s",
    ],
)
def test_what_is_put_in_stays_as_it_is(value: str, folder: Path) -> None:
    assert PromptFiles(folder).render("greeting", {"name": value}).text == f"Hello {value}."


def test_the_version_changes_with_the_template_and_not_with_the_values(folder: Path) -> None:
    prompts = PromptFiles(folder)
    version = prompts.render("greeting", {"name": "Ada"}).version

    assert re.fullmatch("[0-9a-f]{12}", version)
    assert prompts.render("greeting", {"name": "Grace"}).version == version
    (folder / "greeting.md").write_text("Good day, {{ name }}.", encoding="utf-8")
    changed = PromptFiles(folder).render("greeting", {"name": "Ada"})
    assert changed.version != version
    assert changed.text == "Good day, Ada."


def test_an_edited_prompt_is_used_with_its_own_version_without_a_restart(folder: Path) -> None:
    prompts = PromptFiles(folder)
    before = prompts.render("greeting", {"name": "Ada"})
    (folder / "greeting.md").write_text("Good day, {{ name }}.", encoding="utf-8")

    after = prompts.render("greeting", {"name": "Ada"})

    assert (after.text == before.text) == (after.version == before.version)
