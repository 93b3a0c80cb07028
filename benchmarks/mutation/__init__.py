"""How many small faults in the code the tests find: ``python -m benchmarks.mutation``."""
