"""The same operation in the words of each framework, as calls and as programs that run."""

from collections.abc import Mapping

from engine.frameworks.calls import Call, Note, Token
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.tensorflow import TENSORFLOW

__all__ = ["FRAMEWORKS", "Call", "Framework", "Note", "Shape", "Token"]

# In the order of the page.
FRAMEWORKS: Mapping[str, Framework] = {framework.name: framework for framework in (TENSORFLOW,)}
