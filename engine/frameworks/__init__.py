"""The same operation in the words of each framework, as calls and as programs that run."""

from collections.abc import Mapping

from engine.frameworks.calls import Call, Note, Token
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.jax import JAX
from engine.frameworks.keras import KERAS
from engine.frameworks.numpy import NUMPY
from engine.frameworks.onnx import ONNX
from engine.frameworks.opencv import OPENCV
from engine.frameworks.pytorch import PYTORCH
from engine.frameworks.scipy import SCIPY
from engine.frameworks.tensorflow import TENSORFLOW

__all__ = ["FRAMEWORKS", "Call", "Framework", "Note", "Shape", "Token"]

# In the order of the page.
FRAMEWORKS: Mapping[str, Framework] = {
    framework.name: framework for framework in (TENSORFLOW, PYTORCH, KERAS, JAX, ONNX, NUMPY, OPENCV, SCIPY)
}
