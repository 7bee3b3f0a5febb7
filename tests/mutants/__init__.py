"""How many small faults in the modules that everything trusts are noticed by their tests: `make mutants`."""
