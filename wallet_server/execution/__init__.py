"""The engine: takes commands one by one and runs them many at a time.

Start reading at `executor.py`.
"""
