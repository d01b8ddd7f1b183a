"""Positions for events: behind the path of commands, by one process at a time."""
