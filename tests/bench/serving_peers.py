"""`python -m tests.bench.serving_peers LIBRARY`: the same 512 rows by an app of another library.

It prints one line of JSON: its port, and the request to send. Its rows are computed by NumPy at once for all
positions, and are lists of numbers in JSON, which is what its callbacks answer.
"""

import json
import logging
import socket
import sys
from typing import Any

import numpy as np

SIZE, COUNT = 256, 512


def rows(first: int) -> list[list[Any]]:
    """Windows, products and sums of a 3x3 kernel over three channels, VALID, from position `first` on."""
    positions = np.arange(first, first + COUNT)
    y, x = np.divmod(positions, SIZE - 2)
    window = WINDOWS[y, x].reshape(COUNT, -1)
    products = window * WEIGHTS
    return [window.tolist(), products.tolist(), products.sum(axis=1).tolist()]


IMAGE = np.random.default_rng(5).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
WINDOWS = np.lib.stride_tricks.sliding_window_view(IMAGE.astype(np.float32), (3, 3), axis=(0, 1))
WEIGHTS = np.random.default_rng(6).normal(size=27).astype(np.float32)


def post(path: str, body: object) -> str:
    text = json.dumps(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\n\r\n{text}"
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def announce(port: int, request: str, version: str) -> None:
    print(json.dumps({"port": port, "request": request, "version": version}), flush=True)


def gradio() -> None:
    import gradio

    with gradio.Blocks() as app:
        first, answer = gradio.Number(precision=0), gradio.JSON()
        # Without its queue, which would take two requests for each answer.
        gradio.Button().click(rows, first, answer, api_name="rows", queue=False)
    port = free_port()
    app.launch(server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True)
    announce(port, post("/gradio_api/run/rows", {"data": [1000]}), gradio.__version__)
    app.block_thread()


def dash() -> None:
    import dash
    from dash import dcc, html
    from werkzeug.serving import WSGIRequestHandler

    WSGIRequestHandler.protocol_version = "HTTP/1.1"  # keeps its connections, as ours does
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = dash.Dash(__name__)
    app.layout = html.Div([dcc.Input(id="first"), dcc.Store(id="rows")])
    app.callback(dash.Output("rows", "data"), dash.Input("first", "value"))(rows)
    port = free_port()
    asked = {
        "output": "rows.data",
        "outputs": {"id": "rows", "property": "data"},
        "inputs": [{"id": "first", "property": "value", "value": 1000}],
        "changedPropIds": ["first.value"],
    }
    announce(port, post("/_dash-update-component", asked), dash.__version__)
    app.run(host="127.0.0.1", port=port, debug=False)


if __name__ == "__main__":
    {"gradio": gradio, "dash": dash}[sys.argv[1]]()
