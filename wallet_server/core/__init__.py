"""The rules: pure functions over immutable values. Start reading at `decide.py`.

An amount is a plain `int` of minor units. A wallet has one currency, the edge
refuses any other, and where points are moved the entry names their asset.

Nothing here reads a clock, draws a random number, logs or waits: what a decision
depends on is in its arguments.
"""
