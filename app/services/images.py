"""Uploads."""

import io
from typing import Literal

import numpy as np

from app.answers import ImageOut
from app.arrays import NPY_MAGIC
from app.images.decoder import Decoder
from app.services.compute import Compute
from app.services.inputs import Inputs
from app.services.uploads import UploadedFile, check_size
from app.settings import Settings
from app.store import Entry, Store


class Images:
    """Takes uploads in and hands out what became of them: pictures as PNG, arrays as .npy."""

    def __init__(
        self, store: Store, decoder: Decoder, inputs: Inputs, compute: Compute, settings: Settings
    ) -> None:
        self._store = store
        self._decoder = decoder
        self._inputs = inputs
        self._compute = compute
        self._most_bytes = settings.upload_bytes

    async def add(self, upload: UploadedFile) -> ImageOut:
        """Decode, encode anew, store. The uploaded bytes themselves are never kept."""
        check_size(upload, "file", self._most_bytes)
        is_npy = upload.file.read(len(NPY_MAGIC)) == NPY_MAGIC
        upload.file.seek(0)
        if is_npy:
            # Read in the thread, so that no more of them are in memory than there are threads.
            return await self._compute.run(lambda: self._add_array(upload.file.read()))
        async with self._decoder.decoded(upload) as picture:
            entry = await self._compute.run(self._store.add_image, picture.png)
        return _answer(entry, (picture.height, picture.width, picture.channels), "picture")

    def read(self, image_id: str) -> tuple[bytes, str]:
        """The bytes and their media type."""
        body = self._store.get("image", image_id, "id").body
        return body, "application/x-npy" if body.startswith(NPY_MAGIC) else "image/png"

    def _add_array(self, raw: bytes) -> ImageOut:
        found = self._inputs.read_array(raw, "file")
        _, height, width, channels = found.shape
        stream = io.BytesIO()
        np.save(stream, found.array[0])
        return _answer(self._store.add_image(stream.getvalue()), (height, width, channels), "array")


def _answer(entry: Entry, shape: tuple[int, int, int], kind: Literal["picture", "array"]) -> ImageOut:
    height, width, channels = shape
    return ImageOut(
        id=entry.id,
        kind=kind,
        width=width,
        height=height,
        channels=channels,
        url=f"/api/v1/images/{entry.id}",
        expires_at=entry.expires_at,
    )
