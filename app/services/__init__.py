"""What the routes do, free of HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.held import Held
from app.images.decoder import Decoder
from app.images.samples import Samples
from app.services.catalog import catalog
from app.services.chains import Chains
from app.services.comparisons import Comparisons
from app.services.compute import Compute
from app.services.equivalences import Equivalences
from app.services.frameworks import Frameworks
from app.services.images import Images
from app.services.inputs import Inputs
from app.services.outputs import Outputs
from app.services.planning import Planner
from app.services.traces import Traces
from app.services.uploads import Uploads
from app.settings import Settings
from app.store import SqliteStore, Store


@dataclass(frozen=True)
class Services:
    """Everything a route may use."""

    compute: Compute
    images: Images
    outputs: Outputs
    uploads: Uploads
    chains: Chains
    frameworks: Frameworks
    comparisons: Comparisons
    equivalences: Equivalences
    traces: Traces
    catalog: dict[str, Any]
    store: Store
    decoder: Decoder

    def close(self) -> None:
        self.compute.close()
        self.decoder.close()
        self.store.close()


def build_services(settings: Settings, held: Held, decided: Callable[[bool], None]) -> Services:
    """Open the store and wire the services up. `decided` is told of each file whether it could be decoded."""
    store = SqliteStore(
        settings.data_dir.expanduser() / "convloupe.sqlite3",
        most_bytes=settings.store_bytes,
        ttl_seconds=settings.ttl_seconds,
        free_bytes=settings.store_free_bytes,
    )
    samples = Samples(settings.static_dir / "samples")
    compute = Compute(settings.threads, settings.queue, settings.streams, held)
    decoder = Decoder(settings, decided)
    inputs = Inputs(store, samples, settings)
    planner = Planner(settings)
    return Services(
        compute=compute,
        images=Images(store, decoder, inputs, compute, settings),
        outputs=Outputs(inputs, planner, settings),
        uploads=Uploads(inputs, decoder, compute, settings),
        chains=Chains(planner),
        frameworks=Frameworks(inputs, planner),
        comparisons=Comparisons(inputs, planner, settings),
        equivalences=Equivalences(inputs, planner, settings),
        traces=Traces(store, inputs, planner, settings),
        catalog=catalog(settings, samples),
        store=store,
        decoder=decoder,
    )
