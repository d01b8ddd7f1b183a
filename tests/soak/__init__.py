"""Several server processes on one database, one of them killed, and what callers were told."""
