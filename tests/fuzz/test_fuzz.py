"""A short campaign; `make fuzz` is the long one."""

from collections.abc import Iterator

import pytest

from tests.app.serving import Served, serve
from tests.fuzz.campaign import document_of, fuzz


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("data")) as served:
        yield served


def test_nothing_that_can_be_asked_breaks_a_promise_of_the_document(server: Served) -> None:
    campaign = fuzz(server, document_of(server), cases=300, seed_number=0)
    assert not campaign.failures, campaign
    assert campaign.cases >= 300
    reached = {label for label, statuses in campaign.statuses.items() if statuses[200] or statuses[201]}
    assert reached >= set(campaign.statuses), campaign


def test_a_promise_that_is_not_kept_is_found(server: Served) -> None:
    document = document_of(server)
    del document["paths"]["/api/v1/geometry"]["post"]["responses"]["422"]
    document["components"]["schemas"]["HealthOut"]["properties"]["version"] = {"type": "integer"}
    found = "\n".join(fuzz(server, document, cases=40, seed_number=0).failures)
    assert "POST /api/v1/geometry: UndefinedStatusCode" in found
    assert "GET /healthz: JsonSchemaError" in found
