"""Compiled loops: arrays in, arrays out; no policy, no validation.

Importing a module compiles its loops, or loads them from the cache.
"""
