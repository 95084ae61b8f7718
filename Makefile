# make app    the simulator on localhost
# make test   everything that is checked: format, lint, types, layers, tests
# make bench  ratios against other engines, written to docs/benchmarks.md; PARTS="streets processes" for some alone
# make fuzz   damaged files for every reader, written to docs/robustness.md
# make kills  programs that write, killed at any moment, written to docs/robustness.md
# make pictures  renew the pictures in docs/
# make docs   the site of the documentation, in site/html
# make lock   renew the pinned requirements
# make wheel-test  the wheel as somebody installs it: read-only, away from here, offline
# make audit  known holes in what is installed with the app; says what it could not check
# make sbom   the wheel, and its bill of materials (CycloneDX), in dist/
# make licences  write docs/licences.md

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REGION ?= zuid-oost-drenthe
PORT ?= 8501
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
        --custom-compile-command "make lock"

.PHONY: app test lint bench fuzz kills pictures docs lock wheel-test audit sbom licences clean

app: $(VENV)/.app
	$(BIN)/dorpshub app $(REGION) --port $(PORT)

test: $(VENV)/.dev lint
	sh tests/browser/chromium.sh
	$(BIN)/pytest -n 2 --dist loadfile

bench: $(VENV)/.bench
	PYTHONPATH=.:tests $(BIN)/python -m benchmarks.run $(PARTS)

fuzz: $(VENV)/.dev
	PYTHONPATH=.:tests $(BIN)/python -m fuzz.run --out docs/robustness.md

kills: $(VENV)/.dev
	PYTHONPATH=.:tests $(BIN)/python -m robustness.kills --out docs/robustness.md

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Stamps: an environment is made once, and again only when its lock changes.
$(VENV)/.tools: requirements/tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

$(VENV)/.app: $(VENV)/.tools requirements.txt pyproject.toml
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --require-hashes -r requirements.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.app requirements/dev.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --require-hashes -r requirements/dev.txt
	@touch $@

# OSRM's wheel asks for Python 3.12, the programs in it for none: unpacked aside they run with any.
$(VENV)/.bench: $(VENV)/.app requirements/bench.txt requirements/osrm.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --require-hashes -r requirements/bench.txt
	$(BIN)/uv pip install --target $(VENV)/osrm --python-version 3.12 --no-deps --only-binary :all: \
	  --require-hashes -r requirements/osrm.txt || echo "No wheel of OSRM for this system: its row stays empty."
	@touch $@

$(VENV)/.docs: $(VENV)/.app requirements/docs.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --require-hashes -r requirements/docs.txt
	@touch $@

docs: $(VENV)/.docs
	$(BIN)/dorpshub build $(REGION) --quiet
	$(BIN)/python docs/notebooks.py
	$(BIN)/sphinx-build --fail-on-warning --quiet --doctree-dir site/doctrees docs site/html

pictures: $(VENV)/.dev
	PYTHONPATH=.:tests $(BIN)/python -m browser.pictures

lock: $(VENV)/.tools
	$(LOCK) requirements/tools.in -c requirements.txt -o requirements/tools.txt
	$(LOCK) pyproject.toml --extra app --extra paper --extra graphs --extra rounds -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -c requirements.txt -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra bench -c requirements.txt -o requirements/bench.txt
	$(LOCK) pyproject.toml --extra docs -c requirements.txt -o requirements/docs.txt
	$(subst 3.11,3.12,$(LOCK)) requirements/osrm.in -o requirements/osrm.txt
	$(LOCK) requirements/supply.in -o requirements/supply.txt

wheel-test: $(VENV)/.dev
	$(BIN)/python tests/supply/installed.py

# What users have, and beside it what looks at it: neither is mixed with what tests need.
$(VENV)/.supply: $(VENV)/.tools requirements.txt requirements/supply.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/shipped
	$(BIN)/uv pip install --quiet --python $(VENV)/shipped --require-hashes -r requirements.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/supply
	$(BIN)/uv pip install --quiet --python $(VENV)/supply --require-hashes -r requirements/supply.txt
	@touch $@

audit: $(VENV)/.supply
	$(BIN)/python tests/supply/audit.py $(VENV)/supply $(VENV)/shipped

sbom: $(VENV)/.supply
	rm -rf dist build
	$(BIN)/uv build --wheel --no-build-isolation --python $(BIN)/python -o dist .
	$(VENV)/supply/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --output-format JSON --output-file dist/dorpshub.cdx.json $(VENV)/shipped
	$(VENV)/supply/bin/python tests/supply/bill.py dist
	rm -rf build

licences: $(VENV)/.dev
	$(BIN)/python tests/supply/licences.py

clean:
	rm -rf $(VENV) site build dist .mypy_cache .ruff_cache .pytest_cache data/regions/*/.ready
