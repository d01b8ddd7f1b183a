"""`make bench`: how fast the server is, next to what it is compared with.

All of it runs on one machine in one go: real server processes, real Postgres with the
settings that we ship, callers in processes of their own. Only ratios within one run mean
anything; docs/performance.md has them, and says what is measured.

    __main__.py     starts what is needed, prints and writes what was found
    bench.py        what is measured, in which groups
    trials.py       which number of lanes, workers and clients suits best
    stage.py        databases and servers for each subject, verified at the end
    subjects.py     what callers are let loose on
    measuring.py    one subject after the other, round after round
    load/           what callers do
    surroundings/   Postgres, databases, servers, yardsticks, processes
    results/        figures, ratios (with their targets), report, plots
"""
