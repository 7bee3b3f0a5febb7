"""A stand-in for curl on machines without it: the options that the documents use, as curl understands them.

The documents are run with curl too wherever there is one, so the two cannot drift apart. An unknown option
ends it. Only the standard library: a document starts it dozens of times.
"""

import argparse
import re
import sys
import zlib
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from pathlib import Path
from urllib.parse import urlsplit

_BOUNDARY = "------------------------convloupe"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("curl", allow_abbrev=False)
    parser.add_argument("url")
    parser.add_argument("--json", metavar="TEXT")
    parser.add_argument("-F", "--form", action="append", default=[])
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("-I", "--head", action="store_true")
    parser.add_argument("-D", "--dump-header", choices=["-"])
    parser.add_argument("-o", "--output")
    parser.add_argument("-O", "--remote-name", action="store_true")
    parser.add_argument("-w", "--write-out", default="")
    parser.add_argument("-f", "--fail", action="store_true")
    parser.add_argument("-s", "--silent", action="store_true")
    parser.add_argument("-N", "--no-buffer", action="store_true")
    parser.add_argument("--compressed", action="store_true")
    return parser.parse_args()


def multipart(parts: list[str]) -> bytes:
    body = b""
    for part in parts:
        name, _, value = part.partition("=")
        body += f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        if value.startswith("@"):
            file = Path(value[1:])
            body += f'; filename="{file.name}"\r\nContent-Type: application/octet-stream'.encode()
            content = file.read_bytes()
        else:
            content = value.encode()
        body += b"\r\n\r\n" + content + b"\r\n"
    return body + f"--{_BOUNDARY}--\r\n".encode()


def ask(asked: argparse.Namespace) -> HTTPResponse:
    method, body, headers = "GET", None, {"Accept": "*/*"}
    if asked.compressed:
        headers["Accept-Encoding"] = "gzip"
    if asked.json is not None:
        method, body = "POST", asked.json.encode()
        headers |= {"Content-Type": "application/json", "Accept": "application/json"}
    if asked.form:
        method, body = "POST", multipart(asked.form)
        headers["Content-Type"] = f"multipart/form-data; boundary={_BOUNDARY}"
    for header in asked.header:
        name, _, value = header.partition(":")
        headers[name] = value.strip()
    url = urlsplit(asked.url)
    assert url.hostname is not None
    connection = HTTPConnection(url.hostname, url.port, timeout=60)
    target = f"{url.path}?{url.query}" if url.query else url.path
    # Accept-Encoding is ours to send: curl sends none unless it is asked to.
    connection.putrequest("HEAD" if asked.head else method, target, skip_accept_encoding=True)
    if body is not None:
        headers["Content-Length"] = str(len(body))
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    return connection.getresponse()


def main() -> int:
    asked = arguments()
    output = urlsplit(asked.url).path.rpartition("/")[2] if asked.remote_name else asked.output
    answer = ask(asked)
    if asked.fail and answer.status >= 400:
        return 22
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *map(": ".join, answer.getheaders())]
    head = "".join(f"{line}\r\n" for line in [*lines, ""]).encode()
    if asked.dump_header:
        sys.stdout.buffer.write(head)
        sys.stdout.flush()
    decoder = zlib.decompressobj(31) if answer.getheader("content-encoding") == "gzip" else None
    with Path(output).open("wb") if output else sys.stdout.buffer as sink:
        if asked.head:
            sink.write(head)
        try:
            while piece := answer.read1(65536):
                sink.write(decoder.decompress(piece) if decoder else piece)
                sink.flush()
        except (IncompleteRead, ConnectionError):
            return 18
        written = re.sub(
            r"%header\{(.*?)\}", lambda found: answer.getheader(found[1], ""), asked.write_out
        ).replace("%{http_code}", str(answer.status))
        (sys.stdout.buffer if output else sink).write(written.replace("\\n", "\n").encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
