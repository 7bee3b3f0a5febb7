"""What surrounds every request."""

from app.middleware.addresses import Addresses
from app.middleware.body_limit import AROUND_BYTES, MOST_PARTS, SPOOLED_BYTES, BodyLimit
from app.middleware.envelope import EMBED, SECURITY_HEADERS, Envelope, Exchange, Failures
from app.middleware.large_answers import LargeAnswers
from app.middleware.methods import Methods, install_method_errors
from app.middleware.origins import Cors, Origins

__all__ = [
    "AROUND_BYTES",
    "EMBED",
    "MOST_PARTS",
    "SECURITY_HEADERS",
    "SPOOLED_BYTES",
    "Addresses",
    "BodyLimit",
    "Cors",
    "Envelope",
    "Exchange",
    "Failures",
    "LargeAnswers",
    "Methods",
    "Origins",
    "install_method_errors",
]
