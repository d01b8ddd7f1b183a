"""Bets: how they are funded, what they have done to the books, how they end."""
