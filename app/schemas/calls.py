"""A call that somebody pastes."""

from typing import Any

from pydantic import ConfigDict, Field

from app.schemas.base import Request
from engine.frameworks.pasted.text import LONGEST

_CALLS: list[Any] = [
    {"text": "nn.Conv2d(3, 16, (4, 1), padding='same')"},
    {"text": "keras.layers.Conv2D(16, (4, 1), strides=2, padding='same', activation='relu')"},
    {"text": "tf.nn.conv2d(x, w, strides=[1, 2, 2, 1], padding=[[0, 0], [1, 1], [2, 2], [0, 0]])"},
    {"text": "Conv <strides = [2, 2], pads = [0, 0, 1, 1], dilations = [1, 1]> (input, weight)"},
]


class ReadCallRequest(Request):
    """A call in the words of a framework."""

    model_config = ConfigDict(json_schema_extra={"examples": _CALLS})

    text: str = Field(max_length=LONGEST, description="One call; its input and its weights may be names.")
