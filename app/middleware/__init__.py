"""What surrounds every request."""

from app.middleware.body_limit import BodyLimit
from app.middleware.envelope import Envelope, Exchange, Failures
from app.middleware.methods import Methods, install_method_errors

__all__ = ["BodyLimit", "Envelope", "Exchange", "Failures", "Methods", "install_method_errors"]
