"""Statements: behind the path of commands, sums over entries by account and day."""
