"""THE SERVERS FROM WHEELS: Postgres for development, demonstrations and tests.

Knows nothing of wallets. Start reading at postgres.py.
"""
