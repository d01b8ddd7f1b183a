"""Rounds: the bets and wins that belong together, and wins that need no bet."""
