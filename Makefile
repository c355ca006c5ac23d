# Everything a newcomer needs; `make help` lists it. Needs Python 3.11+ and nothing else.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell for each in python3 python3.11 python3.12 python3.13 python3.14; do \
	command -v $$each >/dev/null 2>&1 && $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: help setup demo test prove bench fmt

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## .venv with everything, from the hash-locked lists

demo: $(READY) ## the whole product with a WeCom on the desk in front of it
	@exec $(BIN)/liuhen demo

test: $(READY) ## what is missing (a browser included), then every check
	@exec $(BIN)/python -m tools.check

prove: $(READY) ## the campaigns in full, evidence into docs/evidence/
	@exec $(BIN)/python -m tools.prove

bench: $(READY) ## speed and memory, side by side in one run
	@exec $(BIN)/python -m benchmarks

fmt: $(READY) ## what ruff can mend by itself
	@$(BIN)/ruff check --fix .

$(READY): requirements-dev.txt pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" sh tools/setup.sh $(VENV)
	@touch $(READY)
