"""What comes beside an image in one form."""

from pydantic import Field

from app.schemas.inputs import Layout, Picture
from app.schemas.operations import Operation


class OutputForm(Picture):
    """An operation, and how to read the image it is for."""

    operation: Operation = Field(examples=[{"type": "conv2d", "filter": "sobel_x"}])
    layout: Layout | None = Field(
        default=None,
        description="Of a .npy file only: HW, HWC or NHWC by the number of dimensions when left out.",
    )
