import assert from "node:assert/strict";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import {
  ApiError,
  OfflineError,
  type TraceInfo,
  createTrace,
  explain,
  explainInput,
  fetchInput,
  fetchScale,
  streamPositions,
  toGeometry,
  uploadImage,
} from "../../static/src/api.ts";
import { PYARROW } from "./arrow-streams.ts";

// A real HTTP server, and fetch resolving paths against it as a page does against its own address.
const browserFetch = globalThis.fetch;
let server: Server;
let base = "";
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;

before(async () => {
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    answer(request, response, Buffer.concat(parts).toString("latin1"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  globalThis.fetch = (url, init) => browserFetch(new URL(String(url), base), init);
});
after(() => {
  globalThis.fetch = browserFetch;
  server.closeAllConnections();
  server.close();
});

const TRACE = { id: "t1", url: "/api/v1/traces/t1", input: { url: "/api/v1/traces/t1/input" } } as TraceInfo;
const asked: string[] = [];

function answerJson(status: number, value: unknown, type = "application/json"): void {
  asked.length = 0;
  answer = (request, response, body) => {
    asked.push(`${request.method} ${request.url}`, body);
    response.writeHead(status, { "Content-Type": type }).end(JSON.stringify(value));
  };
}

test("a trace is asked for as it was said", async () => {
  answerJson(201, TRACE);
  const request = {
    input: { sample: "harbour", size: [64, 48] },
    operation: { type: "conv2d", filter: "sobel_x" },
  } as const;
  assert.deepEqual(await createTrace(request), TRACE);
  assert.equal(asked[0], "POST /api/v1/traces");
  assert.deepEqual(JSON.parse(asked[1] ?? ""), request);
});

test("an image goes up as a form's file", async () => {
  answerJson(201, { id: "i1", width: 3, height: 2, channels: 3 });
  const image = await uploadImage(new Blob(["pixels"], { type: "image/png" }), "boat.png");
  assert.equal(image.id, "i1");
  assert.equal(asked[0], "POST /api/v1/images");
  assert.match(asked[1] ?? "", /name="file"; filename="boat\.png"[^]*pixels/);
});

test("the scale and one position", async () => {
  answerJson(200, { signed_scale: 1500, minimum: -1530, maximum: 1525 });
  assert.deepEqual(await fetchScale(TRACE, 2), { signed: 1500, minimum: -1530, maximum: 1525 });
  assert.equal(asked[0], "GET /api/v1/traces/t1/scale?out_channel=2");
  answerJson(200, { position: 7, sum: 3 });
  assert.equal((await explain(TRACE, 7, 0)).sum, 3);
  assert.equal(asked[0], "GET /api/v1/traces/t1/positions/7");
  answerJson(200, { position: 7, sum: 4 });
  assert.equal((await explain(TRACE, 7, 2)).sum, 4);
  assert.equal(asked[0], "GET /api/v1/traces/t1/positions/7?out_channel=2");
});

test("an input cell", async () => {
  answerJson(200, { y: 3, x: 4, sentence: "One window reads it." });
  assert.equal((await explainInput(TRACE, 3, 4, 0)).sentence, "One window reads it.");
  assert.equal(asked[0], "GET /api/v1/traces/t1/inputs/3/4");
  answerJson(200, {});
  await explainInput(TRACE, 5, 0, 2);
  assert.equal(asked[0], "GET /api/v1/traces/t1/inputs/5/0?out_channel=2");
});

test("the input is height, width, channels", async () => {
  const npy = (shape: string, body: number[]): Buffer => {
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }\n`;
    return Buffer.from([
      0x93,
      ...Buffer.from("NUMPY"),
      1,
      0,
      header.length,
      0,
      ...Buffer.from(header),
      ...body,
    ]);
  };
  answer = (request, response) => {
    assert.equal(request.url?.split("?")[1], "format=npy");
    response.end(npy("(1, 2, 3)", [1, 2, 3, 4, 5, 6]));
  };
  assert.deepEqual(await fetchInput(TRACE), {
    height: 1,
    width: 2,
    channels: 3,
    dtype: "uint8",
    values: Uint8Array.of(1, 2, 3, 4, 5, 6),
  });
  answer = (_, response) => response.end(npy("(2, 3)", [1, 2, 3, 4, 5, 6]));
  await assert.rejects(fetchInput(TRACE), /shape \(2, 3\)/);
});

test("positions are counted from the first one asked for", async () => {
  let url = "";
  answer = (request, response) => {
    url = request.url ?? "";
    response.end(PYARROW);
  };
  const got: number[][] = [];
  for await (const { first, count } of streamPositions(TRACE, {
    first: 100,
    count: 10,
    columns: ["window", "sum"],
    outChannel: 2,
  })) {
    got.push([first, count]);
  }
  assert.equal(url, "/api/v1/traces/t1/positions?format=arrow&first=100&columns=window%2Csum&out_channel=2&count=10");
  assert.deepEqual(got, [
    [100, 5],
    [105, 4],
    [109, 1],
  ]);
});

test("a stream that ends early, cleanly or not, is offline after its whole batches", async () => {
  for (const end of [
    (response: ServerResponse) => response.end(),
    (response: ServerResponse) => response.destroy(),
  ]) {
    answer = (_, response) => response.write(PYARROW.slice(0, -200), () => end(response));
    const first: number[] = [];
    await assert.rejects(async () => {
      for await (const batch of streamPositions(TRACE, { first: 0, columns: ["sum"] }))
        first.push(batch.first);
    }, OfflineError);
    assert.deepEqual(first, [0, 5]);
  }
});

test("a refusal carries the problem", async () => {
  const problem = {
    title: "Unprocessable",
    status: 422,
    detail: "This kernel does not fit.",
    errors: [{ field: "operation.strides", value: 0, reason: "must be at least 1" }],
  };
  answerJson(422, problem, "application/problem+json");
  await assert.rejects(
    createTrace({ input: { sample: "harbour" }, operation: { type: "conv2d" } }),
    (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual(
        [error.status, error.title, error.detail, error.errors, error.message],
        [422, problem.title, problem.detail, problem.errors, problem.detail],
      );
      return true;
    },
  );
});

test("an error without a problem keeps its status; a proxy without its server is offline", async () => {
  answerJson(500, "oops", "text/html");
  await assert.rejects(explain(TRACE, 0, 0), { name: "ApiError", status: 500, title: "Internal Server Error" });
  answerJson(503, { title: "Busy" }, "application/problem+json");
  await assert.rejects(explain(TRACE, 0, 0), OfflineError);
  answerJson(502, "bad gateway", "text/html");
  await assert.rejects(explain(TRACE, 0, 0), OfflineError);
});

test("no server, and an answer that breaks off, are offline; an abort is an abort", async () => {
  answer = (_, response) =>
    response.writeHead(200, { "Content-Length": "50" }).write("{", () => response.destroy());
  await assert.rejects(explain(TRACE, 0, 0), OfflineError);
  answer = (_, response) => response.destroy();
  await assert.rejects(fetchScale(TRACE, 0), OfflineError);
  await assert.rejects(explain(TRACE, 0, 0, AbortSignal.abort()), { name: "AbortError" });
});

test("geometry from its JSON", () => {
  const axis = {
    input_size: 64,
    kernel_size: 3,
    stride: 2,
    dilation: 4,
    span: 9,
    pad_before: 5,
    pad_after: 6,
    output_size: 34,
    leftover: 1,
    never_read: [7],
    taps: { first: -5, stride: 2, offsets: [0, 4, 8] },
    formula: "⌊…⌋",
    overhang: 2,
    padding_mode: "reflect" as const,
  };
  const json = { y: axis, x: { ...axis, input_size: 65 }, pads: { top: 5, bottom: 6, left: 5, right: 6 } };
  const geometry = toGeometry({ ...json, positions: 1156, cells_never_read: 128 });
  assert.deepEqual([geometry.positions, geometry.cellsNeverRead, geometry.x.inputSize], [1156, 128, 65]);
  assert.deepEqual(geometry.y, {
    inputSize: 64,
    kernelSize: 3,
    stride: 2,
    dilation: 4,
    span: 9,
    padBefore: 5,
    padAfter: 6,
    outputSize: 34,
    leftover: 1,
    neverRead: [7],
    first: -5,
    offsets: [0, 4, 8],
    overhang: 2,
    paddingMode: "reflect",
    crop: null,
  });
  const { pad_before: _, pad_after: __, leftover: ___, overhang: ____, padding_mode: _____, ...same } = axis;
  const stamped = { ...same, full_size: 71, crop_before: 5, crop_after: -2 };
  const transposed = toGeometry({ ...json, y: stamped, x: stamped, positions: 1156, cells_never_read: 128 });
  assert.deepEqual(transposed.y, {
    ...geometry.y, padBefore: 0, padAfter: 0, leftover: 0, overhang: 0, paddingMode: "zeros", crop: [5, -2],
  });
});
