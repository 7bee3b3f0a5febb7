"""Every operation's trace over HTTP: streamed in both formats, explained, asked about an input cell."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from app.answers import ExplanationOut, InputCellOut, ScaleOut, TraceOut
from app.schemas import TraceRequest
from tests.app import oracle
from tests.app.cases import CASES, IMAGES
from tests.app.serving import Served, serve

ARROW = "application/vnd.apache.arrow.stream"
SOURCE = {"values": IMAGES.tolist()}
BATCH = 1


def last_channel(case: str) -> int:
    return oracle.out_channels(CASES[case], IMAGES.shape[3]) - 1


def created(server: Served, case: str, **source: Any) -> dict[str, Any]:
    return server.trace(input=SOURCE | source, operation=CASES[case])


def get(server: Served, trace: dict[str, Any], path: str, case: str) -> Any:
    choice = f"{'&' if '?' in path else '?'}out_channel={last_channel(case)}&batch={BATCH}"
    answer = server.client.get(trace["url"] + path + choice)
    assert answer.status_code == 200, answer.text
    return answer


def assert_column(name: str, found: Any, expected: Any) -> None:
    # What follows an exp or a tanh may differ in the last bit; nothing else may.
    tolerance = 2e-7 if name == "output" else 0
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=0, err_msg=name)


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_of_a_trace(server: Served, case: str) -> None:
    trace = created(server, case)
    TraceOut.model_validate_json(json.dumps(trace), strict=True)
    operation, columns = CASES[case], oracle.trace(CASES[case], IMAGES[0], 0)
    channels = np.shape(columns.get("channel_sums", [0]))[-1]
    assert trace["operation"] == operation["type"]
    assert (trace["in_channels"], trace["group_channels"]) == (6, channels)
    assert trace["out_channels"] == last_channel(case) + 1
    assert (trace["positions"], trace["taps"]) == columns["window"].shape
    assert set(trace["columns"]) == set(columns)
    assert server.client.get(trace["url"]).json() == trace


@pytest.mark.parametrize("case", CASES)
def test_arrow(server: Served, case: str) -> None:
    trace = created(server, case)
    expected = oracle.trace(CASES[case], IMAGES[BATCH], last_channel(case))
    columns = ",".join(trace["columns"])
    answer = get(server, trace, f"/positions?format=arrow&columns={columns}", case)
    assert int(answer.headers["content-length"]) == len(answer.content)
    reader = pa.ipc.open_stream(answer.content)
    table = reader.read_all().combine_chunks()
    table.validate(full=True)
    assert json.loads(reader.schema.metadata[b"operation"])["type"] == CASES[case]["type"]
    assert set(table.column_names) == set(expected)
    for name, values in expected.items():
        column = table[name].chunk(0)
        item = column.type.value_type if values.ndim == 2 else column.type
        assert item == (pa.int32() if name in ("argmax", "divisor") else pa.float32())
        flat = column.flatten() if values.ndim == 2 else column
        assert_column(name, np.asarray(flat).reshape(values.shape), values)


@pytest.mark.parametrize("case", CASES)
def test_json_lines(server: Served, case: str) -> None:
    trace = created(server, case)
    expected = oracle.trace(CASES[case], IMAGES[BATCH], last_channel(case))
    columns = ",".join(trace["columns"])
    first = trace["positions"] // 3
    lines = get(server, trace, f"/positions?first={first}&columns={columns}", case).text.splitlines()
    rows = [json.loads(line) for line in lines]
    assert rows.pop() == {"end": True, "next": trace["positions"]}
    assert [row["position"] for row in rows] == [*range(first, trace["positions"])]
    for name, values in expected.items():
        found = np.array([row[name] for row in rows], float)  # None is NaN
        wanted = np.where(np.isinf(values), np.nan, values)[first:]
        assert_column(name, found, wanted)
        if name in ("argmax", "divisor"):
            assert all(type(number) is int for number in np.ravel([row[name] for row in rows]).tolist())


@pytest.mark.parametrize("case", CASES)
def test_the_columns_of_a_stream_that_asks_for_none(server: Served, case: str) -> None:
    answer = server.client.get(created(server, case)["url"] + "/positions?count=1&format=arrow")
    assert pa.ipc.open_stream(answer.content).schema.names == {
        "max_pool2d": ["window", "output", "argmax"],
        "avg_pool2d": ["window", "sum", "output", "divisor"],
    }.get(CASES[case]["type"], ["window", "products", "sum"])


@pytest.mark.parametrize(
    ("padding", "dtype"), [("VALID", "uint8"), ("SAME", "float32")], ids=["within", "beyond"]
)
def test_the_window_of_a_max_pool_over_bytes(server: Served, padding: str, dtype: str) -> None:
    operation = {"type": "max_pool2d", "kernel_size": [2, 3], "padding": padding}
    image = np.arange(30).reshape(5, 6, 1) * 7 % 31
    trace = server.trace(input={"values": image.tolist(), "dtype": "uint8"}, operation=operation)
    assert (trace["window_dtype"], trace["input"]["dtype"]) == (dtype, "uint8")
    table = pa.ipc.open_stream(server.client.get(trace["url"] + "/positions?format=arrow").content)
    window = table.read_all()["window"].combine_chunks()
    assert window.type.value_type == (pa.uint8() if dtype == "uint8" else pa.float32())
    expected = oracle.trace(operation, image, 0)["window"]
    assert np.array_equal(np.asarray(window.flatten()).reshape(expected.shape), expected)


@pytest.mark.parametrize("case", CASES)
def test_positions_explained(server: Served, case: str) -> None:
    operation, trace = CASES[case], created(server, case)
    expected = oracle.trace(operation, IMAGES[BATCH], last_channel(case))
    rows, columns = oracle.tables(operation, IMAGES[0])
    for position in {0, trace["positions"] // 2, trace["positions"] - 1}:
        explained = get(server, trace, f"/positions/{position}", case).json()
        described = ExplanationOut.model_validate_json(json.dumps(explained), strict=True)
        assert described.model_dump(mode="json") == explained
        y, x = divmod(position, len(columns))
        assert (explained["y"], explained["x"]) == (y, x)
        taps = explained["taps"]
        window = expected["window"][position]
        assert [tap["value"] for tap in taps] == [None if np.isinf(value) else value for value in window]
        sources = [(tap["source_y"], tap["source_x"]) for tap in taps[: rows.shape[1] * columns.shape[1]]]
        assert sources == [
            (int(i), int(j)) if min(i, j) >= 0 else (None, None) for i in rows[y] for j in columns[x]
        ]
        assert_column("output", explained["output"], expected["output"][position])
        assert explained["sum"] == (expected["sum"][position] if "sum" in expected else None)
        if "products" in expected:
            assert [tap["product"] for tap in taps] == expected["products"][position].tolist()
            assert explained["channel_sums"] == expected["channel_sums"][position].tolist()
            first, _ = oracle.kernel_of({"flip_kernel": False} | operation, last_channel(case))
            assert taps[0]["channel"] == first
        else:
            assert (taps[0]["weight"], taps[0]["channel"]) == (None, last_channel(case))
        assert explained["activation"] == operation.get("activation")
        assert explained["divisor"] == (expected["divisor"][position] if "divisor" in expected else None)
        if "argmax" in expected:
            assert explained["argmax"] == expected["argmax"][position].tolist()
            winner = taps[explained["winner"]]
            assert [winner["source_y"], winner["source_x"]] == explained["argmax"]
            assert winner["value"] == explained["output"]
        else:
            assert (explained["argmax"], explained["winner"]) == (None, None)


def test_the_window_of_a_gather_spans_the_cells_it_can_meet(server: Served) -> None:
    operation = {"type": "conv2d_transpose", "kernel": [[1, 2]], "strides": [2, 3], "padding": "VALID"}
    url = server.trace(input={"values": [[1, 2, 3], [4, 5, 6]]}, operation=operation)["url"]
    # Outputs are 3 x 8; row 1 lies between two stamps, column 4 under the second tap of column 1.
    assert server.client.get(f"{url}/positions/8").json()["window"] is None
    explained = server.client.get(f"{url}/positions/{2 * 8 + 4}").json()
    assert explained["window"] == {"top": 1, "left": 1, "bottom": 1, "right": 1}
    assert [tap["stuffed"] for tap in explained["taps"]] == [True, False]
    assert (explained["taps"][0]["input_y"], explained["taps"][0]["input_x"]) == (1, None)
    assert explained["sum"] == 2 * 5


@pytest.mark.parametrize("case", CASES)
def test_who_reads_an_input_cell(server: Served, case: str) -> None:
    operation, trace = CASES[case], created(server, case)
    channel, image = last_channel(case), IMAGES[BATCH]
    rows, columns = oracle.tables(operation, image)
    expected = oracle.trace(operation, image, channel)
    for y, x in ((0, 0), (4, 7), (8, 10)):
        answer = get(server, trace, f"/inputs/{y}/{x}", case).json()
        InputCellOut.model_validate_json(json.dumps(answer), strict=True)
        wanted = [
            (int(p * len(columns) + q), int(p), int(q), int(i), int(j))
            for p, i in np.argwhere(rows == y)
            for q, j in np.argwhere(columns == x)
        ]
        keys = ("position", "y", "x", "kernel_y", "kernel_x")
        assert [tuple(read[key] for key in keys) for read in answer["reads"]] == sorted(wanted)
        first = answer["first_channel"]
        assert answer["values"] == image[y, x, first : first + trace["group_channels"]].tolist()
        for read in answer["reads"]:
            tap = read["kernel_y"] * columns.shape[1] + read["kernel_x"]
            if operation["type"] == "max_pool2d":
                assert read["weights"] is None
                assert read["wins"] == (expected["argmax"][read["position"]].tolist() == [y, x])
            elif operation["type"] == "avg_pool2d":
                assert read["weights"] == [1 / expected["divisor"][read["position"]]]
            else:
                kernel_first, weights = oracle.kernel_of({"flip_kernel": False} | operation, channel)
                assert (first, read["wins"]) == (kernel_first, None)
                assert read["weights"] == weights.reshape(len(weights), -1)[:, tap].tolist()
        if operation["type"] != "conv2d_transpose":
            assert answer["stamp"] is None
            continue
        assert len(answer["stamp"]) == rows.shape[1] * columns.shape[1]
        kept = {cell["position"]: cell for cell in answer["stamp"] if cell["position"] is not None}
        assert sorted(kept) == [read["position"] for read in answer["reads"]]
        for cell in kept.values():
            assert cell["position"] == cell["output_y"] * len(columns) + cell["output_x"]
            assert cell["products"] == [
                value * weight for value, weight in zip(answer["values"], cell["weights"], strict=True)
            ]


def test_a_cell_at_the_edge_is_read_through_the_padding(server: Served) -> None:
    operation = {
        "type": "conv2d",
        "kernel": [[1, 2, 3]],
        "padding": [[0, 0], [1, 1]],
        "padding_mode": "replicate",
    }
    url = server.trace(input={"values": [[5, 6, 7, 8]]}, operation=operation)["url"]
    reads = server.client.get(url + "/inputs/0/0").json()["reads"]
    assert [(read["position"], read["weights"], read["padding"]) for read in reads] == [
        (0, [1], True),
        (0, [2], False),
        (1, [1], False),
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_scale(server: Served, case: str) -> None:
    trace = created(server, case)
    answer = get(server, trace, "/scale", case)
    ScaleOut.model_validate_json(answer.content, strict=True)
    columns = oracle.trace(CASES[case], IMAGES[BATCH], last_channel(case))
    values = columns["sum" if "products" in columns else "output"]
    assert answer.json()["minimum"] == pytest.approx(values.min(), rel=1e-6)
    assert answer.json()["maximum"] == pytest.approx(values.max(), rel=1e-6)
    if trace["positions"] < 64:
        assert answer.json()["signed_scale"] == pytest.approx(np.abs(values).max(), rel=1e-6)
    else:
        assert 0 < answer.json()["signed_scale"] <= np.abs(values).max() * 1.6


def test_all_of_it_lives_on_in_another_process(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        before = {case: created(served, case) for case in CASES}
        paths = ("/positions/2", "/positions", "/inputs/1/2", "/scale")
        said = {
            case: [served.client.get(trace["url"] + path).content for path in paths]
            for case, trace in before.items()
            if trace["positions"] > 2
        }
    with serve(tmp_path) as served:
        for case, answers in said.items():
            url = before[case]["url"]
            assert [served.client.get(url + path).content for path in paths] == answers
            assert served.client.get(url).json() == before[case]
            assert created(served, case)["id"] == before[case]["id"]


# A trace as version 0.1 with nothing but conv2d put it into the store.
STORED = (
    b'{"input":{"values":[[1,2],[3,4]],"layout":null,"dtype":"float32"},"operation":{"type":"conv2d",'
    b'"filter":null,"kernel":[[2]],"kernel_layout":"HWIO","bias":null,"strides":[1,1],"dilations":[1,1],'
    b'"padding":"SAME","groups":1,"padding_mode":"zeros","flip_kernel":false,"activation":null}}'
)


def test_a_trace_stored_before_there_were_other_operations(server: Served) -> None:
    entry = server.services.store.add_trace(STORED)
    lines = server.client.get(f"/api/v1/traces/{entry.id}/positions?columns=sum").text.splitlines()
    assert [json.loads(line)["sum"] for line in lines[:-1]] == [2, 4, 6, 8]
    again = server.trace(input={"values": [[1, 2], [3, 4]]}, operation={"type": "conv2d", "kernel": [[2]]})
    assert again["id"] == entry.id


@pytest.mark.parametrize("case", CASES)
def test_what_is_stored_is_read_back_as_it_was(case: str) -> None:
    request = TraceRequest.model_validate({"input": SOURCE, "operation": CASES[case]})
    stored = request.model_dump_json()
    assert TraceRequest.model_validate_json(stored) == request
    assert TraceRequest.model_validate_json(stored).model_dump_json() == stored


def test_the_numbers_of_a_stream_do_not_depend_on_its_chunks(server: Served, tmp_path: Path) -> None:
    for case in ("max pool", "average pool", "transposed, pads"):
        with serve(tmp_path, chunk_bytes=1024) as small:
            one, other = (
                pa.ipc.open_stream(
                    io.BytesIO(
                        each.client.get(
                            created(each, case)["url"] + "/positions", headers={"accept": ARROW}
                        ).content
                    )
                ).read_all()
                for each in (server, small)
            )
        assert one.equals(other)
        assert other["window"].num_chunks > 1
