"""Which rows of a trace are asked for."""

from functools import lru_cache
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import QueryParams

from app import wire
from app.routes.common import negotiate

_MEDIA_TYPES = {media: media for media in (wire.JSON_LINES, wire.JSON_LINES_ALIAS, wire.ARROW)}
_NAMES = {"jsonl": wire.JSON_LINES, "arrow": wire.ARROW}


# Of a query that is kept; none that means something is longer.
_LONGEST = 200


class RowsQuery(BaseModel):
    """The query of a stream of positions."""

    model_config = ConfigDict(frozen=True)

    first: int = Field(0, description="First position.")
    count: int | None = Field(None, description="How many; all that are left by default.")
    out_channel: int = Field(0, description="Output channel.")
    batch: int = Field(0, description="Batch item.")
    columns: str | None = Field(
        None,
        description=(
            "Some of the trace's columns, with commas between them. By default window,products,sum; "
            "of a pool all."
        ),
    )
    format: str | None = Field(None, description="jsonl or arrow; overrides Accept.")


def rows_query(request: Request) -> RowsQuery:
    """As FastAPI would read it parameter by parameter, which takes longer than to compute 512 positions."""
    query: bytes = request.scope["query_string"]
    try:
        return _known(query) if len(query) <= _LONGEST else _parsed(query)
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("query", *one["loc"])} for one in error.errors(include_url=False)]
        ) from None


def _parsed(query: bytes) -> RowsQuery:
    return RowsQuery.model_validate(dict(QueryParams(query)))


# A class asks for the same pieces of its trace.
_known = lru_cache(maxsize=4096)(_parsed)


def rows_media_type(request: Request, query: RowsQuery) -> str:
    return negotiate(request.headers.get("accept", "*/*"), query.format, _MEDIA_TYPES, _NAMES)


def rows_parameters() -> list[dict[str, Any]]:
    """What OpenAPI is told of it."""
    path = {"name": "trace_id", "in": "path", "required": True, "schema": {"type": "string"}}
    header = {"name": "accept", "in": "header", "required": False, "schema": {"type": "string"}}
    return [
        path,
        *(
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": {key: value for key, value in schema.items() if key != "description"},
                "description": schema["description"],
            }
            for name, schema in RowsQuery.model_json_schema()["properties"].items()
        ),
        header,
    ]
