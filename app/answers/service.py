"""What is answered about images, errors and the server itself, as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, WithJsonSchema


class ImageOut(BaseModel):
    """A stored image."""

    id: str
    kind: Literal["picture", "array"] = Field(description="array: the numbers of a .npy file")
    width: int
    height: int
    channels: int = Field(description="Of a picture 3, or 1 where it is grey")
    url: str
    expires_at: datetime


class ProblemError(BaseModel):
    """One field and what is wrong with it."""

    field: str = Field(examples=["operation.strides"])
    value: Annotated[Any, WithJsonSchema({"description": "What was sent, when it is short."})] = None
    reason: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[ProblemError]


class ReadyOut(BaseModel):
    """The server can take requests."""

    status: Literal["ready"]
    store: Literal["ok", "new", "full"] = Field(
        description="new: what was kept was broken, and has been set aside; full: nothing more can be kept"
    )


class HealthOut(BaseModel):
    """The server is up; `engine` says which loops answer."""

    status: Literal["ok"]
    version: str
    engine: Literal["reference", "compiled"]
