"""THE SERVERS FROM WHEELS: Postgres and NATS for development, demonstrations and tests.

Knows nothing of wallets. Start reading at postgres.py; nats.py is smaller.
"""
