"""Coupon grants: value that may pay for bets under terms of its own."""
