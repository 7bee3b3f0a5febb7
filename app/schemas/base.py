"""What every request has in common."""

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """Fields nobody knows are refused; a boolean is no number, a fraction no count."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
