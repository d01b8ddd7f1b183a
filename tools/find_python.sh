#!/bin/sh
# Prints the path of a Python that is 3.11 or newer and can make virtual environments.
#
# PYTHON=… names one and is the only one tried. Being on PATH proves nothing: a version manager's
# shim may stand for a Python that is not there. So each candidate is run.
set -eu

for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14 python}; do
    if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1; then
        # Of an active virtual environment, which may be the one to be replaced: what it stands on.
        "$candidate" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))'
        exit 0
    fi
done

echo "No Python 3.11 or newer with venv found. Tried: ${PYTHON:-python3.13 … python}." >&2
echo "Install one (Debian: python3 and python3-venv) or name it: make PYTHON=/path/to/python3." >&2
exit 1
