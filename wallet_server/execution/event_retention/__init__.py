"""Removes events that are past their time, a little at a time."""
