# Two commands do everything on a fresh machine: `make build` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: build test bench clean

build: .venv/ready
	$(BIN)/treatyrdf build

test: .venv/ready
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/pytest -n 2
	$(BIN)/treatyrdf build --check
	$(BIN)/treatyrdf ask --all --check

bench: .venv/ready
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/network.py

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache
