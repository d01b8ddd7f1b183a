"""The auditor: what must hold of what is recorded, checked by other means than it was made.

Start reading at `journal_audit.py`, which follows a wallet, and `bet_audit.py`,
which follows a bet.
"""
