"""What the journal says of the past: what accounts held, and why.

Start reading at `explanation.py`.
"""
