"""Requests that schemathesis makes up from the OpenAPI document, sent to a real server, every answer checked.

Made-up ids are never found and made-up kernels seldom fit, so a part of the cases is led further in: ids are
those of traces and images that exist, and bodies are the document's examples with a field or two changed.
"""

import copy
import functools
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.app.serving import Served

API = "/api/v1"
FORM = "multipart/form-data"
# How many of a hundred cases go to a route. Those that take more, get more.
_SHARES = {
    f"POST {API}/outputs": 20,
    f"POST {API}/traces": 16,
    f"POST {API}/geometry": 12,
    f"POST {API}/code": 8,
    f"POST {API}/compare": 24,
    f"POST {API}/calls": 6,
    f"POST {API}/equivalences": 8,
    f"POST {API}/images": 4,
    f"GET {API}/traces/{{trace_id}}/positions": 16,
    f"GET {API}/traces/{{trace_id}}/positions/{{position}}": 10,
    f"GET {API}/traces/{{trace_id}}/inputs/{{y}}/{{x}}": 8,
    f"GET {API}/traces/{{trace_id}}/input": 5,
    f"GET {API}/traces/{{trace_id}}/scale": 5,
}
_OTHERS = 2
_PICTURE = (Path(__file__).parents[2] / "static" / "samples" / "harbour.png").read_bytes()
_SMALL = st.integers(-2, 20)
_ODD = (
    st.none()
    | st.booleans()
    | _SMALL
    | st.floats(allow_nan=False, allow_infinity=False)  # the probes send those
    | st.text(max_size=8)
    | st.lists(st.integers(-1, 5) | st.lists(st.integers(-1, 5), max_size=3), max_size=3)
    | st.sampled_from(["SAME", "FULL", "VALID", "reflect", "circular", "relu", "global", "NCHW", "OIHW"])
)
_FEW = st.sampled_from([0, 0, 0, 1, 2, -1, 40])
_LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "first": _FEW,
    "count": st.sampled_from([1, 1, 3, 0, 10**6]),
    "out_channel": _FEW,
    "batch": _FEW,
    "columns": st.sampled_from(["sum", "window,products,sum", "argmax", "output,window", "position", ""]),
    "format": st.sampled_from(["jsonl", "arrow", "json", "npy", "png", "csv"]),
    "palette": st.sampled_from(["min_max", "clip", "signed", "none"]),
}


@dataclass
class Campaign:
    """What was sent and what came back; `failures` by what is wrong, each with a request that shows it."""

    seed: int
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return sum(counted.total() for counted in self.statuses.values())

    def __str__(self) -> str:
        width = max(map(len, self.statuses))
        lines = [f"seed {self.seed}: {self.cases} cases, {len(self.failures)} failures"]
        for label, counted in self.statuses.items():
            shown = ", ".join(f"{status} x {count}" for status, count in sorted(counted.items()))
            lines.append(f"  {label:{width}}  {shown}")
        lines += [f"\n{what}\n{how}" for what, how in self.failures.items()]
        return "\n".join(lines)


def document_of(served: Served) -> dict[str, Any]:
    """The server's OpenAPI document."""
    document: dict[str, Any] = served.client.get("/openapi.json").json()
    return document


def fuzz(served: Served, document: dict[str, Any], cases: int, seed_number: int) -> Campaign:
    """Send at least `cases` requests; the same ones for the same seed and document."""
    load_all_checks()
    schema = schemathesis.openapi.from_dict(copy.deepcopy(document))
    campaign = Campaign(seed_number)
    ids = _make_ids(served)
    with requests.Session() as session:
        operations = [result.ok() for result in schema.get_all_operations()]
        shares = [_share(operation) for operation in operations]
        for operation, share in zip(operations, shares, strict=True):
            # One without parameters has a single case, which hypothesis tries once or twice.
            count = -(-cases * share // sum(shares)) if share else 2
            send = functools.partial(_send, served, session, campaign, ids)
            _run(operation, count, seed_number, send)
    return campaign


def _share(operation: Any) -> int:
    raw = operation.definition.raw
    return _SHARES.get(operation.label, _OTHERS if "parameters" in raw or "requestBody" in raw else 0)


def _run(operation: Any, count: int, seed_number: int, send: Any) -> None:
    label = operation.label
    positive = operation.as_strategy(schemathesis.GenerationMode.POSITIVE)
    negative = operation.as_strategy(schemathesis.GenerationMode.NEGATIVE)

    @seed(seed_number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(negative, positive, positive),
        lead=st.sampled_from([False, True, True, True]),
        data=st.data(),
    )
    def every_case(case: Any, lead: bool, data: st.DataObject) -> None:
        may_be_led = lead and case.meta.generation.mode == schemathesis.GenerationMode.POSITIVE
        send(label, case, data if may_be_led else None)

    every_case()


def _send(
    served: Served,
    session: requests.Session,
    campaign: Campaign,
    ids: dict[str, list[str]],
    label: str,
    case: Any,
    data: st.DataObject | None,
) -> None:
    if data is not None:
        _lead(case, ids, data)
    try:
        response = case.call(base_url=str(served.client.base_url), session=session)
    except requests.exceptions.InvalidHeader:
        return
    campaign.statuses.setdefault(label, Counter())[response.status_code] += 1
    # What the document can say of an operation is not all that there is to be wrong with it; and the bytes of
    # a picture are no string to the one that compares what was sent with the document.
    excluded = [positive_data_acceptance]
    if data is not None and case.media_type == FORM:
        excluded.append(negative_data_rejection)
    try:
        case.validate_response(response, excluded_checks=excluded)
    except FailureGroup as failures:
        for one in failures.exceptions:
            what = f"{label}: {type(one).__name__}: {str(one).splitlines()[0]}"
            campaign.failures.setdefault(what, f"{one}\n{case.as_curl_command()}"[:3000])


def _make_ids(served: Served) -> dict[str, list[str]]:
    posted = served.client.post(f"{API}/images", files={"file": ("harbour.png", _PICTURE)})
    image = posted.json()["id"]
    examples = document_of(served)["components"]["schemas"]["TraceRequest"]["examples"]
    upload = {"input": {"image_id": image, "size": [9, 12]}, "operation": examples[2]["operation"]}
    return {"trace_id": [served.trace(**one)["id"] for one in [*examples, upload]], "image_id": [image]}


def _lead(case: Any, ids: dict[str, list[str]], data: st.DataObject) -> None:
    """Change a case so that it gets past the first check."""
    path = dict(case.path_parameters)
    for name in path:
        path[name] = data.draw(st.sampled_from(ids[name]) if name in ids else _SMALL)
    case.path_parameters = path
    case.query = {name: data.draw(_LIKELY[name]) for name in case.query if name in _LIKELY}
    examples = _examples(case.operation)
    if case.media_type == FORM:
        picture = data.draw(st.sampled_from([_PICTURE, _PICTURE[:-9], b""]))
        if examples:
            body = _changed(data.draw(st.sampled_from(examples)), ids, data)
            case.body = {"image": picture, "operation": json.dumps(body["operation"])}
        else:
            case.body = {"file": picture}
    elif examples:
        case.body = _changed(data.draw(st.sampled_from(examples)), ids, data)


def _examples(operation: Any) -> list[Any]:
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    return [one["value"] for one in content.get("application/json", {}).get("examples", {}).values()]


def _changed(example: Any, ids: dict[str, list[str]], data: st.DataObject) -> Any:
    body = copy.deepcopy(example)
    for _ in range(data.draw(st.integers(0, 2))):
        part = data.draw(st.sampled_from([one for one in body.values() if isinstance(one, dict)] or [body]))
        # A field that a type does not have may still be sent with the value with which it says nothing. The
        # schema does not say so, and such a case would be taken for one that slipped through.
        added = ["padding_mode", "groups", "activation"] if part.get("type") == "conv2d" else []
        part[data.draw(st.sampled_from([*part, *added]))] = data.draw(_ODD)
    if "input" in body and data.draw(st.booleans()):
        size = data.draw(st.lists(st.integers(1, 40), min_size=2, max_size=2))
        body["input"] = {"image_id": ids["image_id"][0], "size": size}
    return body
