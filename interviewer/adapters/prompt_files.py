"""prompts/ -> RenderedPrompt: strict templates, in which a missing value is an error and not a blank."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import jinja2

from interviewer.errors import PromptError
from interviewer.flows.ports import RenderedPrompt


class PromptFiles:
    """The templates of one folder. Values are put in as they are: nothing in them is read as a template."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701 - the text goes to a model, not to a browser
        )

    def render(self, name: str, values: Mapping[str, object]) -> RenderedPrompt:
        """The prompt `name`.md with these values. Raises PromptError when the file or a value is missing."""
        file = f"{name}.md"
        try:
            source = (self._folder / file).read_text(encoding="utf-8")
        except OSError as error:
            raise PromptError(f"The prompt '{file}' cannot be read: {error.strerror}.") from error
        except ValueError as error:  # UnicodeDecodeError, or a NUL in the name
            raise PromptError(f"The prompt '{file}' is not UTF-8 text, or its name is not one of a file.") from error
        try:
            text = self._environment.get_template(file).render(values)
        except (jinja2.TemplateError, TypeError) as error:  # TypeError: a value of a kind that the template cannot use
            raise PromptError(f"The prompt '{file}' cannot be filled in: {error}.") from error
        return RenderedPrompt(text.strip(), hashlib.sha256(source.encode()).hexdigest()[:12])
