"""Uploads."""

from app.answers import ImageOut
from app.images.decoder import Decoder, Upload
from app.services.compute import Compute
from app.store import Store


class Images:
    """Takes uploads in and hands the re-encoded pictures out."""

    def __init__(self, store: Store, decoder: Decoder, compute: Compute) -> None:
        self._store = store
        self._decoder = decoder
        self._compute = compute

    async def add(self, upload: Upload) -> ImageOut:
        """Decode, encode anew, store. The uploaded bytes themselves are never kept."""
        picture = await self._decoder.decode(upload)
        entry = await self._compute.run(self._store.add_image, picture.png)
        return ImageOut(
            id=entry.id,
            width=picture.width,
            height=picture.height,
            channels=picture.channels,
            url=f"/api/v1/images/{entry.id}",
            expires_at=entry.expires_at,
        )

    def png(self, image_id: str) -> bytes:
        return self._store.get("image", image_id, "id").body
