# Relitu: `make run` serves the map, `make test` proves it. Both set up whatever they need; both are quick the second time.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
DATA ?= data
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help setup postgis s3 run test lint bench screenshots drill lock clean

help:
	@echo "make run          set up, fill the data folder if empty, serve http://$(HOST):$(PORT)"
	@echo "make test         set up, run all tests"
	@echo "make postgis      set up, and the driver for a record in PostgreSQL + PostGIS"
	@echo "make s3           set up, and the client for snapshots on object storage"
	@echo "make lint         ruff, mypy --strict, import-linter, tsc"
	@echo "make bench        measure against others, as ratios in one run; writes build/bench.json and docs/benchmarks.md"
	@echo "                  (about half an hour; make bench PARTS='tiles items' runs those alone)"
	@echo "make screenshots  the README's pictures, anew"
	@echo "make drill        longer tests: a crowd, kill -9, properties for an hour"
	@echo "make lock         resolve the locked requirements anew (needs uv)"
	@echo "make clean        remove the environment and everything built; data/ stays"

$(VENV)/created:
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing; install it: apt-get install python3 python3-venv / 缺少 python3，请先安装"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 / 需要 Python 3.11 以上"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "venv is missing; install it: apt-get install python3-venv / 缺少 venv，请先安装 python3-venv"; exit 1; }
	@touch $@

$(VENV)/installed: $(VENV)/created requirements.lock pyproject.toml
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps -e .
	@touch $@

$(VENV)/postgis: $(VENV)/installed geo/store/requirements.lock
	$(PIP) --require-hashes -r geo/store/requirements.lock
	@touch $@

$(VENV)/s3: $(VENV)/installed webmap/serving/requirements.lock
	$(PIP) --require-hashes -r webmap/serving/requirements.lock
	@touch $@

$(VENV)/assets: $(VENV)/installed webmap/assets/package-lock.json webmap/assets/install.py
	@command -v npm >/dev/null || $(PIP) --require-hashes -r webmap/assets/requirements.lock
	$(BIN)/python webmap/assets/install.py
	@touch $@

$(VENV)/tested-with: $(VENV)/installed tests/requirements.lock tests/browser/prepare.sh tests/geo/store/prepare.sh tests/webmap/prepare.sh tests/webmap/ogctests/requirements.lock
	$(PIP) --require-hashes -r tests/requirements.lock
	tests/browser/prepare.sh
	tests/geo/store/prepare.sh
	PYTHON=$(CURDIR)/$(BIN)/python tests/webmap/prepare.sh
	@touch $@

setup: $(VENV)/installed $(VENV)/assets

postgis: setup $(VENV)/postgis

s3: setup $(VENV)/s3

run: setup
	$(BIN)/relitu init --data $(DATA) --demo --if-empty
	exec $(BIN)/relitu serve --data $(DATA) --host $(HOST) --port $(PORT)

# A file's tests stay together: they share what is costly to set up.
test: setup $(VENV)/tested-with
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: setup $(VENV)/tested-with
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python webmap/assets/install.py --check-types

bench: setup $(VENV)/tested-with
	tests/bench/peers/prepare.sh
	$(BIN)/python -m tests.bench $(PARTS)

screenshots: setup $(VENV)/tested-with
	$(BIN)/python -m tests.browser.screenshots

# Some take longer than a test that hangs is given elsewhere.
drill: setup $(VENV)/tested-with
	HYPOTHESIS_PROFILE=drill $(BIN)/python -m pytest -m "drill or property" -o faulthandler_timeout=7200

# The client of object storage asks for older versions of what it shares with the rest: it goes first.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra s3 pyproject.toml -o webmap/serving/requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -c webmap/serving/requirements.lock -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -c requirements.lock -o tests/requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra assets pyproject.toml -c requirements.lock -o webmap/assets/requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra postgis pyproject.toml -c requirements.lock -o geo/store/requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header tests/webmap/ogctests/requirements.in -o tests/webmap/ogctests/requirements.lock

clean:
	rm -rf $(VENV) build dist webmap/static/vendor webmap/assets/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
