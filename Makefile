# Every developer command. `make` lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
MODEL := smollm2-135m-instruct
RECIPE := examples/support/$(if $(FULL),full,recipe).yaml
export HF_HUB_DISABLE_TELEMETRY := 1
export TOKENIZERS_PARALLELISM := false

.DEFAULT_GOAL := help
.PHONY: help setup demo experiments test quick format lint types check coverage benchmarks wheel clean

help:  ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable '.[all]'
	@touch $@

setup: $(VENV)/ready  ## Make the virtual environment with everything for development

demo: $(VENV)/ready  ## The whole chain on the sample data, to a report (FULL=1: all questions, 3 seeds, the ceiling)
	$(BIN)/augmentor models fetch $(MODEL)
	$(BIN)/augmentor run $(RECIPE)

experiments: $(VENV)/ready  ## What each part is worth, into docs/quality.md; goes on where it was (BANKING77=FOLDER: there, too)
	@$(BIN)/augmentor models fetch $(MODEL)
	@mkdir -p examples/support/runs examples/banking/runs
	@$(call quietly,examples/support,experiment)
	@$(BIN)/python benchmarks/experiment_tables.py examples/support/runs/full --name sample --into docs/quality.md
ifdef BANKING77
	@$(BIN)/python examples/banking/derive.py $(BANKING77)
	@$(call quietly,examples/banking,recipe)
	@$(BIN)/python benchmarks/experiment_tables.py examples/banking/runs/banking --name BANKING77 --into docs/quality.md
endif

# one experiment, its progress in a file; the end of that where it fails
quietly = echo "$(1)/$(2).yaml: progress in $(1)/runs/experiment.log"; \
	$(BIN)/augmentor experiment $(1)/$(2).yaml >$(1)/runs/experiment.log 2>&1 || { tail -n 20 $(1)/runs/experiment.log; exit 1; }

test: $(VENV)/ready  ## The whole suite
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal $(ARGS)

quick: $(VENV)/ready  ## The fast tests, for each change
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal -m 'not slow' $(ARGS)

format: $(VENV)/ready  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

lint: $(VENV)/ready  ## Look for mistakes and for forbidden imports
	$(BIN)/ruff check .

types: $(VENV)/ready  ## Check the types
	$(BIN)/mypy

check: lint types test  ## All that has to pass before a commit

coverage: $(VENV)/ready  ## Which lines the tests reach
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --sort=cover

benchmarks: $(VENV)/ready  ## Measure speed against peers, in this one run
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script; done

wheel: $(VENV)/ready  ## Build the wheel and the source distribution
	$(BIN)/python -m build --outdir dist .

clean:  ## Remove what can be made again
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache examples/*/runs
