"""`python -m tests.shots`: pictures of every state at every size, light and dark, to be looked at.

Nothing is compared: fonts and rasterisers differ from machine to machine, and a person sees what is wrong.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.serving import ROOT, Server
from tests.browser.states import ON_PHONES, STATES, State, walk
from tests.browser.visit import Visit
from tests.chromium import launch

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Device:
    """`states` are those that look different here from elsewhere."""

    name: str
    width: int
    height: int
    states: list[State]
    touch: bool = False

    def context(self) -> dict[str, Any]:
        hand = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if self.touch else {}
        viewport = {"width": self.width, "height": self.height}
        return {"viewport": viewport, "reduced_motion": "reduce", **hand}


def some(*names: str) -> list[State]:
    return [state for state in STATES if state.name in names]


CHANGED = some("middle", "lesson", "dilation", "kernel picker", "plain controls", "impossible", "ways")
DEVICES = [
    Device("desktop", 1440, 900, STATES),
    Device("phone", 390, 844, ON_PHONES, touch=True),
    Device("projector", 1920, 1080, CHANGED),
    Device("large", 2560, 1440, CHANGED),
    Device("laptop", 1280, 720, CHANGED),
    Device("window", 1000, 700, CHANGED),
    Device("tablet", 834, 1112, CHANGED, touch=True),
    Device("tablet landscape", 1112, 834, CHANGED, touch=True),
    Device("low phone", 390, 664, CHANGED, touch=True),
    Device("phone landscape", 844, 390, CHANGED, touch=True),
    Device("narrow", 320, 640, CHANGED, touch=True),
]


def shoot(browser: Browser, server: Server, device: Device, folder: Path) -> Iterator[Path]:
    with browser.new_context(**device.context()) as context:
        visit = Visit(context.new_page(), server.url)
        for state in walk(visit, device.states):
            for _ in THEMES:
                theme = visit.other_theme()
                path = folder / f"{device.name} {theme} {state.name}.png".replace(" ", "-")
                visit.page.screenshot(path=path)
                yield path


def index(shots: list[Path]) -> str:
    """A page of all of them, side by side."""
    figures = [
        f'<figure><a href="{shot.name}"><img src="{shot.name}" loading="lazy"></a>{shot.stem}</figure>'
        for shot in shots
    ]
    style = "body{display:flex;flex-wrap:wrap;gap:1rem;font:14px sans-serif}figure{margin:0}img{height:22rem}"
    return f"<!doctype html><title>Shots</title><style>{style}</style>{''.join(figures)}\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.shots", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="PREFIX", help="devices whose names begin so"
    )
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "shots", help="where to put them")
    asked = parser.parse_args()
    expect.set_options(timeout=30_000)  # a picture late is better than none
    asked.folder.mkdir(parents=True, exist_ok=True)
    shots = []
    with tempfile.TemporaryDirectory() as data, Server(Path(data)) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        for device in DEVICES:
            if device.name.startswith(tuple(asked.only)):
                for path in shoot(browser, server, device, asked.folder):
                    shots.append(path)
                    print(path.name, flush=True)
        browser.close()
    (asked.folder / "index.html").write_text(index(shots), "utf-8")
    print(f"{len(shots)} pictures: {asked.folder / 'index.html'}")


if __name__ == "__main__":
    main()
