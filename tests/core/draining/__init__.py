"""Emptying buckets that are to be retired."""
