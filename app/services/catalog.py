"""What there is to choose from."""

from typing import Any

from app import __version__
from app.images.samples import Samples
from app.schemas import OPERATION_REQUESTS
from app.settings import Settings
from engine.frameworks import FRAMEWORKS
from engine.layouts import KERNEL_LAYOUTS
from engine.ops import OPERATIONS
from engine.presets import FILTERS, LESSONS
from engine.spec import ACTIVATIONS, NAMED_PADDINGS, PADDING_MODES

_LIMITS = (
    "upload_bytes",
    "json_bytes",
    "image_pixels",
    "input_side",
    "input_values",
    "kernel_side",
    "taps",
    "stride",
    "dilation",
    "padding",
    "output_values",
    "work",
    "json_values",
)


def catalog(settings: Settings, samples: Samples) -> dict[str, Any]:
    """The catalog as plain JSON values."""
    return {
        "operations": [
            {"type": name, "sentence": entry.sentence, **_fields(name)} for name, entry in OPERATIONS.items()
        ],
        "paddings": list(NAMED_PADDINGS),
        "padding_modes": list(PADDING_MODES),
        "activations": list(ACTIVATIONS),
        "filters": [
            {
                "name": one.name,
                "title": one.title,
                "sentence": one.sentence,
                "family": one.family,
                "kernel": one.kernel.tolist(),
            }
            for one in FILTERS.values()
        ],
        "samples": [
            {
                "name": sample.name,
                "title": sample.title,
                "height": sample.height,
                "width": sample.width,
                "channels": sample.channels,
                "url": f"/static/samples/{sample.file}",
                "origin": sample.origin,
            }
            for sample in samples.all
        ],
        "lessons": [
            {
                "name": lesson.name,
                "title": lesson.title,
                "sentence": lesson.sentence,
                "input": {"values": lesson.input.tolist(), "layout": "HW"},
                "operation": {
                    "type": "conv2d",
                    **{
                        name: list(value) if isinstance(value, tuple) else value
                        for name, value in lesson.operation.items()
                    },
                },
            }
            for lesson in LESSONS.values()
        ],
        "limits": {name: getattr(settings, name) for name in _LIMITS},
        "frameworks": [
            {"name": one.title, "framework": name, "version": one.version_checked, "layout": one.layout}
            for name, one in FRAMEWORKS.items()
        ],
        "version": __version__,
    }


def _fields(name: str) -> dict[str, Any]:
    """What an operation has to be given, what else it takes with its default, and orders of its kernel."""
    fields = OPERATION_REQUESTS[name].model_fields
    return {
        "required": [field for field, about in fields.items() if about.is_required() and field != "type"],
        "defaults": {field: about.default for field, about in fields.items() if not about.is_required()},
        "kernel_layouts": list(KERNEL_LAYOUTS.get(name, ())),
    }
