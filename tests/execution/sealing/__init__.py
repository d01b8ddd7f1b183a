"""Sealing: blocks of the chain, and what becomes of rows that are altered under them."""
