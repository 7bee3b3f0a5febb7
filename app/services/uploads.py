"""Inputs that come with the request for an output, and of which nothing is kept."""

from contextlib import AsyncExitStack
from typing import BinaryIO, Protocol

from app.arrays import NPY_MAGIC
from app.errors import RefusedError, RequestError, TooLargeError
from app.images.decoder import Decoder, Upload
from app.schemas.forms import OutputForm
from app.schemas.inputs import Picture
from app.services.compute import Compute
from app.services.inputs import InputArray, Inputs
from app.settings import Settings


class UploadedFile(Upload, Protocol):
    """A file of a form, on disk where it is large."""

    file: BinaryIO
    size: int | None


def check_size(upload: UploadedFile, field: str, most: int) -> None:
    """TooLargeError for a file over the limit in a form that is within that of forms."""
    if (upload.size or 0) > most:
        raise TooLargeError(field, f"is larger than the limit of {most} bytes")


class Uploads:
    """Reads pictures, apart from the server as every upload, and .npy files."""

    def __init__(self, inputs: Inputs, decoder: Decoder, compute: Compute, settings: Settings) -> None:
        self._inputs = inputs
        self._decoder = decoder
        self._compute = compute
        self._most_bytes = settings.upload_bytes
        self.text_bytes = settings.json_bytes
        """Largest part of a form that is text."""

    async def read(self, image: UploadedFile, form: OutputForm) -> InputArray:
        """The input in `image`. A RequestError naming the part that cannot be read, or is beyond a limit."""
        check_size(image, "image", self._most_bytes)
        is_npy = image.file.read(len(NPY_MAGIC)) == NPY_MAGIC
        image.file.seek(0)
        for part in form.model_fields_set - {"operation"}:
            if (part in Picture.model_fields) == is_npy:
                kind = "a .npy file" if is_npy else "a picture"
                raise RefusedError(part, f"says nothing about {kind}, which image is; leave it out")
        if is_npy:
            # Read in the thread, so that no more of them are in memory than there are threads.
            return await self._compute.run(
                lambda: self._inputs.read_npy(image.file.read(), form.layout),
            )
        async with AsyncExitStack() as held:
            try:
                picture = await held.enter_async_context(self._decoder.decoded(image))
            except RequestError as error:
                raise type(error)("image", error.reason) from None
            return await self._compute.run(self._inputs.read_picture, picture.png, form)
