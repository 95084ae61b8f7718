# make app    the simulator on localhost
# make test   everything that is checked: format, lint, types, layers, tests
# make bench  ratios against other engines, written to docs/benchmarks.md
# make lock   renew the pinned requirements

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REGION ?= zuid-oost-drenthe
PORT ?= 8501
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
        --custom-compile-command "make lock"

.PHONY: app test lint bench lock clean

app: $(VENV)/.app
	$(BIN)/dorpshub build $(REGION)
	$(BIN)/streamlit run streamlit_app.py --server.address localhost --server.port $(PORT) \
	  --server.headless false --server.showEmailPrompt false

test: $(VENV)/.dev lint
	sh tests/browser/chromium.sh
	$(BIN)/pytest

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

lock: $(VENV)/.tools
	$(LOCK) requirements/tools.in -o requirements/tools.txt
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -c requirements.txt -o requirements/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache data/regions/*/.ready
