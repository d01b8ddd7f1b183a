"""Scenarios as files: what a wallet must do, checked over gRPC. Start reading at `runner.py`.

A scenario is read (`reading.py`), played against a target (`playing.py`), and the
recording of that is judged (`judging.py`), which is pure. docs/reference/conformance.md
documents the format.
"""
