"""What there is to choose from."""

from typing import Any

from app import __version__
from app.images.samples import Samples
from app.settings import Settings
from engine.presets import FILTERS, LESSONS

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
            {
                "type": "conv2d",
                "sentence": (
                    "Slides a kernel over the input; each output is the sum of the products under it "
                    "(cross-correlation)."
                ),
            }
        ],
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
        "frameworks": [{"name": "TensorFlow", "version": "2.21"}, {"name": "PyTorch", "version": "2.13"}],
        "version": __version__,
    }
