"""Chapters of journals, written behind the path of commands. Start reading at `writer.py`."""
