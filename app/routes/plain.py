"""Routes that are asked for most: FastAPI documents them, and they read for themselves what they are asked.

To look for dependencies and a body there are not takes FastAPI longer than 512 positions take.
"""

from functools import lru_cache
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope, Send

from app.routes.common import JSON, JsonRoute, in_turn

# Of a query that is kept; none that means something is longer.
_LONGEST = 200

M = TypeVar("M", bound=BaseModel)


class PlainRoute(JsonRoute):
    """A route whose function takes the request and nothing else, and answers with a Response."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.methods and scope["method"] not in self.methods:
            await super().handle(scope, receive, send)
            return
        response = await in_turn(self.strict(scope, receive), self.endpoint)
        await response(scope, receive, send)


def read_query(request: Request, model: type[M]) -> M:
    """The query, as FastAPI would read it parameter by parameter. RequestValidationError names the one."""
    query: bytes = request.scope["query_string"]
    try:
        return _known(model, query) if len(query) <= _LONGEST else _parsed(model, query)
    except ValidationError as error:
        raise _refused("query", error) from None


def read_path(request: Request, model: type[M]) -> M:
    """The same for the parameters in the path."""
    try:
        return model.model_validate(request.path_params)
    except ValidationError as error:
        raise _refused("path", error) from None


def parameters(path: type[BaseModel], query: type[BaseModel], *headers: str) -> list[dict[str, Any]]:
    """What OpenAPI is told of them."""
    return [
        *(_parameter("path", name, schema) for name, schema in _properties(path)),
        *(_parameter("query", name, schema) for name, schema in _properties(query)),
        *(_parameter("header", name, {"type": "string"}) for name in headers),
    ]


def body(model: type[BaseModel]) -> dict[str, Any]:
    """What it is told of a body of JSON. Its schemas are added when the document is made."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}


def _parsed(model: type[M], query: bytes) -> M:
    return model.model_validate(dict(QueryParams(query)))


# A class asks for the same pieces of its trace.
_known = lru_cache(maxsize=4096)(_parsed)


def _refused(where: str, error: ValidationError) -> RequestValidationError:
    return RequestValidationError(
        [{**one, "loc": (where, *one["loc"])} for one in error.errors(include_url=False)]
    )


def _properties(model: type[BaseModel]) -> list[tuple[str, dict[str, Any]]]:
    return list(model.model_json_schema()["properties"].items())


def _parameter(where: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "in": where, "required": where == "path"}
    described = schema.get("description")
    found["schema"] = {key: value for key, value in schema.items() if key != "description"}
    return found if described is None else found | {"description": described}
