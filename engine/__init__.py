"""Convolutions as arrays and numbers: shapes, outputs and traces. Knows nothing of HTTP, files or images."""
