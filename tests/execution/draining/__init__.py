"""Emptying buckets, by persons and by the job."""
