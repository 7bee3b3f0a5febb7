"""What the application and the server that carries it know of each other."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from app.middleware import Exchange
from app.settings import Settings


class Stopping:
    """What becomes of open requests when the server is to stop.

    Half of the time they go on. Then streams end with a mark that says where to go on, and what waits to be
    computed is refused. Near the end the connections of those who take nothing are broken off.
    """

    def __init__(self, seconds: float) -> None:
        """`seconds`: from the signal to the moment when what is left is cancelled."""
        self.half_seconds = seconds / 2
        self.last_seconds = seconds * 3 / 4
        self._begun = False
        self.ending = False
        """Streams are to end."""
        self._when_ending: list[Callable[[], None]] = []

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Told by every connection that there is."""
        if not self._begun:
            self._begun = True
            loop.call_later(self.half_seconds, self._end)

    def when_ending(self, call: Callable[[], None]) -> None:
        self._when_ending.append(call)

    def _end(self) -> None:
        self.ending = True
        for call in self._when_ending:
            call()


@dataclass(frozen=True)
class Hosting:
    """The rules for connections; `scope["state"]["hosting"]`, and the state of the server's protocols."""

    settings: Settings
    stopping: Stopping
    note: Callable[[Exchange], None]
    """Told of each request that has ended, also of those that never reach the application."""
