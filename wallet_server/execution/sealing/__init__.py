"""Sealing: behind the path of commands, blocks of the chain over what was recorded.

Start reading at `sealer.py`.
"""
