"""Pydantic shapes as servers understand them, and their instances as models write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from interviewer.adapters.openai_model.text import clean

Schema = dict[str, Any]

# Strict dialects differ in which of these they refuse. Every reply is validated here anyway.
_LOOSE = frozenset(
    """default title examples format pattern minLength maxLength minItems maxItems uniqueItems minimum maximum
    exclusiveMinimum exclusiveMaximum multipleOf""".split()
)
_MAX_DEPTH = 8
_MAX_PROBLEMS = 8


class WrongShape(ValueError):
    """The text holds no instance of the shape. The message names each field at fault, fit to send to the model."""


def strict_schema(shape: type[BaseModel]) -> Schema:
    """The shape as the strict dialect wants it: closed objects, every field required, no defaults, no limits.

    Free-form dictionaries cannot be said in that dialect, so a shape should not have any.
    """
    whole = shape.model_json_schema()
    strict = _strict(whole, whole.get("$defs", {}))
    return strict if isinstance(strict, dict) else {}


def response_format(shape: type[BaseModel]) -> Schema:
    """The request's `response_format` for the top rung."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "_", shape.__name__)[:64]
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": strict_schema(shape)}}


def instructions(shape: type[BaseModel]) -> str:
    """What tells a model in words to reply in this shape. The same text for the same shape, so that it is cached."""
    schema = shape.model_json_schema()
    return (
        "Reply with one JSON object and nothing else: no explanation, no code fence.\n"
        f"The form of the object:\n{json.dumps(_outline(schema, schema.get('$defs', {})), ensure_ascii=False)}\n"
        f"Its JSON schema:\n{json.dumps(schema, ensure_ascii=False, sort_keys=True)}"
    )


def read_shape(text: str, shape: type[BaseModel]) -> BaseModel:
    """The first JSON object in the text, validated. Code fences and words around it do not matter.

    Raises WrongShape when there is none or it does not fit.
    """
    # Some servers cut off the opening tag of the reasoning, which may hold a draft of the object.
    answer = text.rpartition("</think>")[2]
    found = next(_objects(answer), None) or next(_objects(text), None)
    if found is None:
        raise WrongShape("There was no complete JSON object in the reply.")
    try:
        return shape.model_validate_json(json.dumps(_cleaned(found)))
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in problem['loc']) or 'the object'}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise WrongShape("\n".join(problems[:_MAX_PROBLEMS])) from None


def _strict(node: Any, definitions: Schema) -> Any:
    if isinstance(node, list):
        return [_strict(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node and len(node) > 1:
        # The dialect allows nothing beside a reference, such as the description of the field.
        node = {**_resolved(node, definitions), **{key: value for key, value in node.items() if key != "$ref"}}
    strict: Schema = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            # Keys in here are names, which may be the same as a keyword.
            strict[key] = {name: _strict(item, definitions) for name, item in value.items()}
        elif key in ("enum", "const", "required"):
            strict[key] = value
        elif key not in _LOOSE:
            strict[key] = _strict(value, definitions)
    if node.get("type") == "object":
        strict |= {"additionalProperties": False, "required": list(node.get("properties", {}))}
    return strict


def _outline(node: Schema, definitions: Schema, depth: int = 0) -> Any:
    node = _resolved(node, definitions)
    if depth > _MAX_DEPTH:
        return "..."
    if "const" in node:
        return node["const"]
    if "enum" in node:
        # Naming one value alone would lead the model to choose it.
        return " | ".join(str(value) for value in node["enum"])
    if "anyOf" in node:
        return _outline(node["anyOf"][0], definitions, depth + 1)
    match node.get("type"):
        case "object":
            fields = node.get("properties", {})
            return {name: _outline(field, definitions, depth + 1) for name, field in fields.items()}
        case "array":
            return [_outline(node.get("items", {}), definitions, depth + 1)]
        case kind:
            return kind or "any value"


def _resolved(node: Schema, definitions: Schema) -> Schema:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Schema = definitions[reference.rpartition("/")[2]]
    return target


def _objects(text: str) -> Iterator[Schema]:
    """The JSON objects in the text, outermost only: part of a broken object is never taken for a whole one."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            end = max(error.pos, start + 1)
        except RecursionError:
            return
        else:
            yield value
        start = text.find("{", end)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    return value
