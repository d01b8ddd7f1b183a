"""The memory: all SQL, one module per table. Start reading at `tables.py`."""
