"""Empties buckets that are to go, wallet by wallet, behind the callers' backs."""
