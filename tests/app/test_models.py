"""POST /models: an .onnx file that ONNX Runtime runs."""

from typing import Any

import numpy as np
import onnx
import onnxruntime

from tests.app.serving import Served

KERNEL = [[1, 0, -1], [2, 0, -2]]


def run(content: bytes, cells: Any) -> Any:
    onnx.checker.check_model(onnx.load_model_from_string(content))
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {"input": cells})[0]


def test_a_file_gives_the_output(server: Served) -> None:
    operation = {
        "type": "conv2d",
        "kernel": KERNEL,
        "strides": [1, 2],
        "padding_mode": "circular",
        "bias": [0.5],
        "activation": "relu",
    }
    answer = server.client.post("/api/v1/models", json={"input_shape": [5, 7, 3], "operation": operation})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="convloupe.onnx"'
    cells = np.arange(105, dtype=np.float32).reshape(5, 7, 3)
    body = {"input": {"values": cells.tolist(), "layout": "HWC"}, "operation": operation}
    expected = server.client.post("/api/v1/outputs", json=body).json()["output"]["values"]
    output = run(answer.content, cells.transpose(2, 0, 1)[np.newaxis])
    np.testing.assert_allclose(output[0].transpose(1, 2, 0), expected, rtol=1e-5, atol=1e-4)


def test_what_would_not_run_is_refused(server: Served) -> None:
    operation = {
        "type": "conv2d_transpose",
        "kernel": KERNEL,
        "dilations": [3, 3],
        "padding": "VALID",
        "output_padding": [2, 0],
    }
    answer = server.client.post("/api/v1/models", json={"input_shape": [5, 7], "operation": operation})
    assert answer.status_code == 422
    reason = "cannot be an .onnx file that runs: ONNX Runtime adds fewer cells than a stride is long."
    assert answer.json()["errors"] == [{"field": "operation", "reason": reason}]
