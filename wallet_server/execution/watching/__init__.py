"""Watching: events as they come, told to many at once without reading them for each.

Start reading at `hub.py`.
"""
