"""What the server must survive, row by row: seeded, replayable, with a figure each.

A row is a file of `rows`: its docstring says the promise, `prove(chaos)` keeps it or raises, and returns the
figures. `make chaos` proves all of them at length, the tests a short form of each.
"""
