"""The OpenAPI document: FastAPI's own, with our errors and with examples."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.answers import Problem
from app.errors import MEDIA_TYPE
from app.schemas import TraceRequest

Json = dict[str, Any]

TAGS = [
    {"name": "traces", "description": "Step through an operation, position by position."},
    {"name": "outputs", "description": "Compute a whole output at once."},
    {"name": "images", "description": "Upload pictures to use as inputs."},
    {"name": "catalog", "description": "What there is to choose from, and what follows from a choice."},
    {"name": "frameworks", "description": "The same operation in every framework, and where they part."},
    {"name": "operators", "description": "Is the server well, and what does it do?"},
]

_PREFIX = "/api/v1"
_REFUSALS = {
    "400": "The body cannot be read.",
    "403": "Sent by the page of another site.",
    "404": "The id is unknown, or what it named has expired.",
    "406": "No format that `Accept` allows is one that this route answers in.",
    "408": "The head or the body took too long to arrive.",
    "413": "The body is larger than the limit.",
    "415": "The body, or the file in it, is of a kind that this route does not read.",
    "422": "Understood, and impossible or beyond a limit; `errors` names the field.",
    "429": "Very many requests of one address are open; `Retry-After` says for how long to wait.",
    "431": "The head of the request is too long.",
    "503": "Too many requests are waiting; `Retry-After` says for how long to wait.",
    "507": "The server has no room left to keep anything.",
}
_KEEPING = {f"{_PREFIX}/images", f"{_PREFIX}/traces"}
_OPERATORS = {"/readyz": ["503"]}
_IGNORED_HEADERS = {"accept", "accept-encoding", "content-type", "if-none-match"}


def openapi_document(app: FastAPI) -> Json:
    """OpenAPI 3.1, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            tags=app.openapi_tags,
            routes=app.routes,
        )
        schemas = document["components"]["schemas"]
        # FastAPI lists the models of JSON answers, and an error is application/problem+json; and those of
        # bodies that it reads itself.
        for model in (Problem, TraceRequest):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs"))
            schemas[model.__name__] = schema
        for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own errors, which nobody gets
            schemas.pop(name, None)
        for path, methods in document["paths"].items():
            for operation in methods.values():
                _complete(path, operation, schemas)
        app.openapi_schema = document
    return app.openapi_schema


def _complete(path: str, operation: Json, schemas: Json) -> None:
    refusals = _refusals(path, operation, schemas) if path.startswith(_PREFIX) else _OPERATORS.get(path, [])
    answers = operation["responses"]
    answers.pop("422", None)  # FastAPI's own
    for status in refusals:
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        answers[status] = {"description": _REFUSALS[status], "content": content}
    parameters = [one for one in operation.pop("parameters", []) if not _is_ignored(one)]
    if parameters:
        operation["parameters"] = parameters
    for content in operation.get("requestBody", {}).get("content", {}).values():
        _name_examples(content, schemas)


def _refusals(path: str, operation: Json, schemas: Json) -> list[str]:
    """The statuses with which a route can refuse, which follow from what it takes."""
    parameters = operation.get("parameters", [])
    body = operation.get("requestBody", {})
    possible = {
        "400": bool(body),
        "403": bool(body),
        "404": "_id}" in path or "ImageInput" in _reached(body, schemas),
        "406": any(one["in"] == "header" and one["name"] == "accept" for one in parameters),
        "408": True,
        "413": bool(body),
        "415": bool(body),
        "422": bool(body) or any(one["in"] == "query" or _is_number(one) for one in parameters),
        "429": True,
        "431": True,
        "503": path != f"{_PREFIX}/catalog",  # it is made when the server starts
        "507": bool(body) and path in _KEEPING,
    }
    return [status for status, is_possible in possible.items() if is_possible]


def _is_number(parameter: Json) -> bool:
    return bool(parameter["in"] == "path" and parameter["schema"].get("type") != "string")


def _is_ignored(parameter: Json) -> bool:
    """OpenAPI describes content negotiation by the media types of requests and answers."""
    return parameter["in"] == "header" and parameter["name"].lower() in _IGNORED_HEADERS


def _reached(part: Json, schemas: Json) -> set[str]:
    """The names of all schemas that a part of the document refers to, at any depth."""
    found: set[str] = set()
    todo = list(_references(part))
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _references(schemas[name])
    return found


def _references(part: object) -> Iterator[str]:
    return (match[1] for match in re.finditer(r"'#/components/schemas/(\w+)'", repr(part)))


def _name_examples(content: Json, schemas: Json) -> None:
    """Give each example of a body's schema a name: a reader can then choose one and send it as it is."""
    schema = content["schema"]
    kinds = [one.get("$ref", "").rpartition("/")[2] for one in schema.get("oneOf", [schema])]
    named: Json = {}
    for example in (one for kind in kinds for one in schemas.get(kind, {}).get("examples", [])):
        operation = example.get("operation", {}).get("type")
        title = operation or ("layers" if "layers" in example else "call")
        count = sum(key.partition(" ")[0] == title for key in named) + 1
        named[title if count == 1 else f"{title} {count}"] = {"value": example}
    if named:
        content["examples"] = named
