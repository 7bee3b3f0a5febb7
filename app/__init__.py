"""The web server: HTTP in, engine calls, bytes out."""

from importlib.metadata import version

__version__ = version("convloupe")
