"""Promotions: value that the house gives, and takes back."""
