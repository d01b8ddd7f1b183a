"""Follows calls from the edge to their statements, for a collector; begin at `calls.py`.

Only `opening.py` is loaded where nothing is followed: OpenTelemetry is not, then.
"""
