"""The browser of the tests: `python -m tests.chromium` makes sure there is one; `launch` starts it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from static.hatch_build import NODE

# Playwright's own Node wants libatomic, which a fresh Debian lacks; the one that builds the page does not.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FEATURES_OFF = (
    # With each page Chromium loads two more, for its address bar, that nobody sees: more work than ours.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # Only the last list counts: those that Playwright turns off stay off.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
FLAGS = (
    "--no-sandbox",  # containers and root have no user namespaces to build one from
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
)


def installed() -> str | None:
    """The system's browser, or the one $CHROMIUM names."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start the system's browser, else the one Playwright has downloaded."""
    return playwright.chromium.launch(executable_path=installed(), args=list(FLAGS))


def _downloaded() -> bool:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def apt_install(*packages: str) -> bool:
    """Debian's chromium brings the libraries a downloaded browser lacks; Ubuntu's is a door to snap."""
    if not shutil.which("apt-get") or "ID=debian" not in Path("/etc/os-release").read_text().splitlines():
        return False
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and (not shutil.which("sudo") or subprocess.run([*root, "true"], capture_output=True).returncode):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return all(
        subprocess.run([*root, *command], env=quiet, stdout=subprocess.DEVNULL).returncode == 0
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "--no-install-recommends", *packages],
        )
    )


def provide() -> None:
    """Install a browser where there is none; ends with a sentence when that cannot be done."""
    if installed() or _downloaded():
        return
    print("No browser here: installing Chromium for the browser tests.", flush=True)
    if apt_install("chromium", "fonts-dejavu") and installed():
        return
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"]).returncode:
        sys.exit(
            "The browser tests need Chromium and it could not be installed.\n"
            "Install it (Debian: sudo apt-get install chromium) or name one: make test CHROMIUM=/path"
        )


if __name__ == "__main__":
    provide()
