# The two commands of the README are `make demo` and `make test`; `make help` tells the rest.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
STATIC := hotline/web/static/lib

.PHONY: help setup demo test lint format lock bill audit clean

help:  ## What each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMPS)/packages $(STAMPS)/browser-files $(STAMPS)/voices  ## Everything but starting

demo: setup  ## Run the hotline on this machine (PORT=8000; the phone is on the next port)
	@exec $(BIN)/hotline demo --port $(PORT)

# The tests start some hundred processes: what they run is compiled once.
test: $(STAMPS)/test-packages $(STAMPS)/test-browser-files $(STAMPS)/voices  ## Checks and tests, a browser's included
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@HOTLINE_BROWSER="$$(scripts/find_browser)" && export HOTLINE_BROWSER PYTHONDONTWRITEBYTECODE= && $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(STAMPS)/test-packages  ## The checks alone
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(STAMPS)/test-packages  ## Put the code into its format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: $(STAMPS)/venv  ## Make the locks anew from pyproject.toml (no addresses; the tests' holds what the other lacks)
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra demo --extra placeholders --extra build -o requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra build -o requirements-production.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra demo --extra placeholders --extra build --extra test -c requirements.lock \
		$$(sed -n 's/^\([a-zA-Z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock) \
		-o requirements-test.lock pyproject.toml

bill: $(STAMPS)/test-packages  ## What is shipped, as CycloneDX (bill-of-materials.json)
	@$(BIN)/python scripts/write_bill.py bill-of-materials.json

audit: $(STAMPS)/venv  ## Known faults of what is shipped; says so where their lists cannot be reached
	@BIN=$(BIN) scripts/audit

clean:  ## Remove what set-up made; the demo's data in .hotline stays
	rm -rf $(VENV) node_modules $(STATIC)

$(STAMPS)/venv:
	@$(PYTHON) scripts/check_python.py
	@echo "Making a Python environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: requirements.lock pyproject.toml $(STAMPS)/venv
	@echo "Installing Python packages (about a minute) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/test-packages: requirements-test.lock $(STAMPS)/packages
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.lock -r requirements-test.lock
	@touch $@

$(STAMPS)/browser-files: package-lock.json scripts/copy_browser_files.py hotline/web/static/css/fonts.css $(STAMPS)/packages
	@echo "Fetching fonts and the player from npm …"
	@BIN=$(BIN) scripts/npm ci --ignore-scripts --omit=dev --silent
	@$(BIN)/python scripts/copy_browser_files.py
	@touch $@

$(STAMPS)/test-browser-files: package-lock.json $(STAMPS)/browser-files
	@BIN=$(BIN) scripts/npm ci --ignore-scripts --silent
	@touch $@

$(STAMPS)/voices: $(wildcard ivr_prompts/*/script.yaml) $(STAMPS)/packages
	@$(BIN)/hotline prompts make
	@touch $@
