"""Calls that are pasted, read into the fields of an operation."""
