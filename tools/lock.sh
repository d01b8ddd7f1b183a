#!/bin/sh
# Locks requirements/*.in into *.txt: for every platform, from Python 3.11, with hashes.
#
# The locks name no index, so they work behind any mirror. Versions stay as they are unless an
# input asks otherwise; UPGRADE=1 takes the newest of all.
set -eu

uv="$PWD/$BIN/uv"
cd requirements
# Neither a local wheel folder nor a configured index may leave a trace.
unset PIP_FIND_LINKS UV_FIND_LINKS
for name in build runtime dev grpcurl mutation; do
    "$uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
        --no-header ${UPGRADE:+--upgrade} \
        --output-file "$name.txt" "$name.in"
done
