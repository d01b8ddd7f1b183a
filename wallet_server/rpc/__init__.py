"""The edge: decodes, submits, encodes. Start reading at `wallet_commands.py`."""
