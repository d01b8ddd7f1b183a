"""`make bench`: how fast the server is, next to what it is compared with. Start at __main__.py.

All of it runs on one machine in one go: real server processes, real Postgres with the
settings that we ship, callers in processes of their own. Only ratios within one run mean
anything; docs/performance.md has them.
"""
