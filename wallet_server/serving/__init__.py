"""Servers as processes: one alone, or several workers at one port, and what operators see of them.

Start reading at `supervisor.py`; `worker.py` is its other side, `alone.py` the
server that has no supervisor.
"""
