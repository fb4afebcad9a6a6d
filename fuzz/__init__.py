"""Fuzzing of everything that reads bytes: `make fuzz`, or `python -m fuzz.run --help`."""
