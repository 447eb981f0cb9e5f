# What to type: `make demo`, `make test`; `make help` lists the rest. Needs Python 3.11 or newer, and nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

DEV     := .venv-test
BIN     := $(DEV)/bin
DEMO    := .tfkdoctor-demo
PYTEST  := $(BIN)/python -m pytest
WORKERS ?= 2

.PHONY: help demo test quick test-heavy lint format environments bench bench-predict harvest

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/.ready  ## TensorFlow in .venv: examine it, then migrate a legacy project, prove it and smoke-test it
	@rm -rf $(DEMO) && cp -R fixtures/legacy_project $(DEMO)
	@! command -v git >/dev/null || git init -q $(DEMO)  # a project of its own, not a folder of this one
	@printf '\n\n$$ tfkdoctor check --python .venv/bin/python\n\n'
	@.venv/bin/tfkdoctor check --python .venv/bin/python
	@printf '\n\n$$ cd $(DEMO) && tfkdoctor migrate . --write --diff --validate smoke --python ../.venv/bin/python\n\n'
	@cd $(DEMO) && ../.venv/bin/tfkdoctor migrate . --write --diff --validate smoke --python ../.venv/bin/python
	@printf '\nMigrated. Train it on the TensorFlow of today: cd $(DEMO) && ../.venv/bin/python train.py\n'

test: $(DEV)/.ready environments lint  ## all that CI runs: lint, types, and the tests with real TensorFlows, old and new
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m "not heavy"

quick: $(DEV)/.ready  ## the tests that need no TensorFlow
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m "not legacy and not environment and not heavy"

test-heavy: $(DEV)/.ready environments  ## the tests that CI's time does not hold
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m heavy || { [ $$? -eq 5 ] && echo "no test is marked heavy yet"; }

lint: $(DEV)/.ready  ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(DEV)/.ready  ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

environments: $(DEV)/.ready  ## build the environments of the tests (once; about 4 GB in ~/.cache/tfkdoctor)
	@$(BIN)/python tests/environments.py --build

bench: $(DEV)/.ready  ## seconds beside tf_upgrade_v2: make bench TREES="some/checkout another"
	@test -n "$(TREES)" || { echo 'make bench TREES="folders with legacy code"' >&2; exit 2; }
	@python=$$($(BIN)/python tests/environments.py --build py311-tf2.21.0) && \
	    $(BIN)/python tools/bench.py $(TREES) --upgrade "$$(dirname "$$python")/tf_upgrade_v2"

bench-predict: $(DEV)/.ready  ## what predict() costs in a loop of single steps, beside what TFK349 offers instead
	@$(BIN)/python tools/bench_predict.py --python "$$($(BIN)/python tests/environments.py --build py311-tf2.21.0)" \
	    --legacy-python "$$($(BIN)/python tests/environments.py --build py37-keras2.2.5-tf1.15.5)"

harvest: $(DEV)/.ready  ## read the knowledge anew out of the released packages, and write what is derived from it
	@$(BIN)/python -m tfkdoctor.dev.harvest
	@$(BIN)/python -m tfkdoctor.dev.compat
	@$(BIN)/python -m tfkdoctor.dev.docs

# Both virtual environments are made anew from what pyproject.toml says whenever it changes.
.venv/.ready: pyproject.toml
	@.ci/venv .venv 4 .[tensorflow]

$(DEV)/.ready: pyproject.toml
	@.ci/venv $(DEV) 1 . --group dev
