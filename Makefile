# The two commands most people need: make run, make test. `make check` = format, lint, types, import contracts, audit.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
MODELS := evaluation/by_model

.PHONY: run test check lock bench load eval screenshots clean

run: $(VENV)/.run
	$(BIN)/interviewer run --port $(PORT)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n auto --dist worksteal $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/audit.py

# The versions that were tested, with hashes: pip install --require-hashes -r requirements.lock. Renewed by this alone.
lock: $(VENV)/.dev
	$(BIN)/uv pip compile pyproject.toml --upgrade --quiet --universal --python-version 3.11 --all-extras \
	    --generate-hashes --no-annotate --custom-compile-command "make lock" --output-file requirements.lock

bench: $(VENV)/.dev
	$(BIN)/python tools/bench.py
	$(BIN)/python tools/bench_browser.py
	$(BIN)/python tools/bench_pages.py

load: $(VENV)/.dev
	$(BIN)/python tools/load.py

eval: $(VENV)/.dev
	rm -f build/built-in_coach.jsonl && mkdir -p build
	$(BIN)/interviewer eval grading --engine coach --keep build/built-in_coach.jsonl --write docs/EVALUATION.md
	$(BIN)/interviewer eval grading --engine coach --split all --gold evaluation/elsewhere --write docs/EVALUATION.md --place elsewhere
	$(BIN)/interviewer eval compare build/built-in_coach.jsonl $(MODELS)/Qwen2.5-Coder-1.5B.jsonl --write docs/EVALUATION.md
	$(BIN)/interviewer eval compare $(MODELS)/one_call_*.jsonl --write docs/EVALUATION.md --place shapes
	$(BIN)/interviewer eval interviewing --engine coach --write docs/EVALUATION.md
	$(BIN)/python tools/tables.py

screenshots: $(VENV)/.dev
	$(BIN)/python tools/screenshots.py build/pictures
	cp $(addprefix build/pictures/, practise_light.png interview_light.png report_light.png review_dark.png) docs/pictures/

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || { echo "Python could not make a virtual environment. On Debian: apt install python3-venv"; exit 1; }

# pip is renewed because the --group option needs a pip of 2025 or later.
$(VENV)/.run: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $@ $(VENV)/.run
