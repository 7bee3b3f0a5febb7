"""Uploads and what became of them."""

from typing import Annotated

from fastapi import APIRouter, File, Request, Response, UploadFile

from app import caching
from app.answers import ImageOut
from app.routes.common import FormRoute, Use, json_response

router = APIRouter(prefix="/api/v1/images", tags=["images"], route_class=FormRoute)


@router.post("", status_code=201, response_model=ImageOut, summary="Upload an image")
async def upload_image(
    services: Use, file: Annotated[UploadFile, File(description="PNG, JPEG, WEBP, GIF, BMP or NPY.")]
) -> Response:
    """Decodes the image apart from the server and keeps it as PNG, 8 bits, grey or RGB.

    Transparency is put over white, EXIF orientation applied, 16 bits cut to 8; of an animation the first
    frame is kept. Metadata and the uploaded bytes themselves are not kept.

    A NumPy .npy file is kept as an array, HW, HWC or NHWC, with any number of channels: uint8 as it is,
    other real numbers as float32. As an input it takes no `size`, `channels` or `scale`.
    """
    image = await services.images.add(file)
    return json_response(image, 201, {"Location": image.url})


@router.get(
    "/{image_id}",
    response_class=Response,
    responses={
        200: {
            "content": {"image/png": {}, "application/x-npy": {}},
            "description": "The image; a .npy file of an array.",
        },
        **caching.NOT_MODIFIED,
    },
    summary="The image, as PNG or .npy",
)
async def read_image(request: Request, services: Use, image_id: str) -> Response:
    """The re-encoded PNG, or the array [height, width, channels] of a .npy file. No cache keeps it, and a
    browser that is sent here saves it.
    """

    def answer() -> Response:
        services.store.require("image", image_id, "id")
        headers = {"ETag": caching.request_etag(request, "image"), "Content-Disposition": "attachment"}
        if (known := caching.unchanged(request, headers)) is not None:
            return known
        body, media_type = services.images.read(image_id)
        return Response(body, 200, headers, media_type)

    return await services.compute.run(answer)
