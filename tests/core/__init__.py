"""The rules, tested without I/O: one module per module of the core."""
