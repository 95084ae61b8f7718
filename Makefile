# make app    the simulator on localhost
# make test   everything that is checked: format, lint, types, layers, tests
# make bench  ratios against other engines, written to docs/benchmarks.md
# make fuzz   damaged files for every reader, written to docs/robustness.md
# make kills  programs that write, killed at any moment, written to docs/robustness.md
# make pictures  renew the pictures in docs/
# make lock   renew the pinned requirements

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REGION ?= zuid-oost-drenthe
PORT ?= 8501
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
        --custom-compile-command "make lock"

.PHONY: app test lint bench fuzz kills pictures lock clean

app: $(VENV)/.app
	$(BIN)/dorpshub build $(REGION)
	$(BIN)/streamlit run streamlit_app.py --server.address localhost --server.port $(PORT) \
	  --server.headless false --server.showEmailPrompt false -- $(REGION)

test: $(VENV)/.dev lint
	sh tests/browser/chromium.sh
	$(BIN)/pytest -n 2 --dist loadfile

bench: $(VENV)/.bench
	PYTHONPATH=.:tests $(BIN)/python -m benchmarks.run

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

pictures: $(VENV)/.dev
	PYTHONPATH=.:tests $(BIN)/python -m browser.pictures

lock: $(VENV)/.tools
	$(LOCK) requirements/tools.in -o requirements/tools.txt
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -c requirements.txt -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra bench -c requirements.txt -o requirements/bench.txt
	$(subst 3.11,3.12,$(LOCK)) requirements/osrm.in -o requirements/osrm.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache data/regions/*/.ready
