"""Transfers: a player moving money between buckets, along the topology's edges."""
