"""The other browser: `python -m tests.firefox` sees to it that there is one; `Firefox` drives it over BiDi.

Playwright drives a Firefox of its own make alone; this is the one that people have.
"""

import itertools
import json
import os
import re
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.chromium import apt_install

NAMES = ("firefox-esr", "firefox")
SECONDS = 60  # for one answer, of a machine that may be busy
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
SETTINGS = """
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("remote.active-protocols", 1);
"""
KEYS = {
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "End": "\ue010",
    "Home": "\ue011",
    "Escape": "\ue00c",
    "Space": " ",
}
# Looks again with each frame until it holds.
WAIT = (
    "new Promise((done) => { const look = () => (%s) ? done(true) : requestAnimationFrame(look); look(); })"
)


def installed() -> str | None:
    """The system's, or the one $FIREFOX names."""
    return os.environ.get("FIREFOX") or next(filter(None, map(shutil.which, NAMES)), None)


class Firefox:
    """One window of a browser with an empty profile in `home`; usable as a context manager.

    `said` is every warning and every error of the page's scripts and console.
    """

    def __init__(self, program: str, home: Path) -> None:
        self.said: list[str] = []
        self._program = program
        self._home = home
        self._numbers = itertools.count()
        self._open = ExitStack()

    def __enter__(self) -> "Firefox":
        with ExitStack() as opened:
            process = opened.enter_context(self._started())
            opened.callback(process.terminate)
            self._socket: ClientConnection = opened.enter_context(
                connect(_address(process), max_size=None, proxy=None)
            )
            self._do("session.new", capabilities={})
            self._do("session.subscribe", events=["log.entryAdded"])
            self._window: str = self._do("browsingContext.getTree")["contexts"][0]["context"]
            size = {"width": 1440, "height": 900}
            self._do("browsingContext.setViewport", context=self._window, viewport=size)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _started(self) -> subprocess.Popen[str]:
        (self._home / "user.js").write_text(SETTINGS)
        command = [self._program, "--headless", "--no-remote", "--remote-debugging-port", "0"]
        return subprocess.Popen(
            [*command, "--profile", str(self._home)],
            env={**os.environ, "HOME": str(self._home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _do(self, method: str, **params: Any) -> Any:
        """The result of a command; what is told meanwhile is kept."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(SECONDS))
            if message["type"] == "event":
                entry = message["params"]
                if entry["level"] in ("warn", "error"):
                    self.said.append(str(entry["text"]))
            elif message["id"] == number:
                assert message["type"] == "success", f"{method}: {message}"
                return message["result"]

    def open(self, url: str) -> None:
        self._do("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """What can be said in JSON."""
        answer = self._do(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify(value) ?? 'null')",
            target={"context": self._window},
            awaitPromise=True,
        )
        assert answer["type"] == "success", f"{expression}: {answer}"
        return json.loads(answer["result"]["value"])

    def wait(self, condition: str) -> None:
        """Until a condition of JavaScript holds."""
        self.evaluate(WAIT % condition)

    def press(self, *keys: str) -> None:
        actions = [
            {"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")
        ]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def click(self, element: str) -> None:
        """Presses the middle of an element that an expression of JavaScript finds."""
        x, y = self.evaluate(
            f"(({{ left, top, width, height }}) => [left + width / 2, top + height / 2].map(Math.round))"
            f"(({element}).getBoundingClientRect())"
        )
        move = {"type": "pointerMove", "x": x, "y": y}
        press, lift = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        self._act({"type": "pointer", "id": "mouse", "actions": [move, press, lift]})

    def _act(self, source: dict[str, Any]) -> None:
        self._do("input.performActions", context=self._window, actions=[source])


def _address(process: subprocess.Popen[str]) -> str:
    """Where it listens, as it says by itself."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := LISTENING.search(line):
            return f"{found[1]}/session"
    raise AssertionError("Firefox ended before it listened.")


def provide() -> None:
    """Install a Firefox where there is none and that can be done; the test of it is left out otherwise."""
    if installed():
        return
    print("No Firefox here: installing it for its test.", flush=True)
    if not apt_install("firefox-esr"):
        print("Firefox could not be installed: its test is left out. make test FIREFOX=/path names one.")


if __name__ == "__main__":
    provide()
