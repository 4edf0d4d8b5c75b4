# Two commands do everything on a fresh machine: `make build` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: build test bench bench-scale clean

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

# N="100 1000" for other sizes; ROUNDS=1 for a first look. MORE=--plan says how long it may take, MORE=--report
# writes RESULTS.md from what has run. The same command goes on where it was ended.
N ?= 100 1000 10000
ROUNDS ?= 3
bench-scale: .venv/ready
	$(BIN)/python benchmarks/scale.py $(N) --rounds $(ROUNDS) $(MORE)

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache
