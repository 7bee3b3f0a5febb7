# Convloupe. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/python static/hatch_build.py node
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
PORT ?= 8000
PEERS := .venv-bench
FRAMEWORKS := .venv-frameworks
MUTANTS_VENV := .venv-mutants
TORCH := torch==2.13.0

# What is made side by side says what it has to say in one piece, where make can do that.
WHOLE := $(if $(filter output-sync,$(.FEATURES)),--output-sync)

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help setup front-end run test test-frameworks loops scripts check types browser firefox shots fuzz chaos mutants bench bench-peers image format docs lock

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.installed front-end ## Make .venv with the project and its test tools
	@:

$(VENV)/.made:
	@sh requirements/make-venv.sh $(PYTHON) $(VENV)
	@touch $@

# First what serves and what builds the page: while the rest is installed, make test bundles it and compiles the loops.
$(VENV)/.runtime: requirements/runtime.lock requirements/build.lock $(VENV)/.made
	$(INSTALL) --require-hashes -r requirements/runtime.lock -r requirements/build.lock
	@touch $@

# pip would compile all of it, the packages' own tests too, on one processor.
$(VENV)/.tools: requirements/dev.lock $(VENV)/.runtime
	$(INSTALL) --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m compileall -qq -j 0 -x '/tests?/' $(VENV)/lib || echo "Some of it could not be compiled ahead of time."
	@touch $@

# The lock file is the truth about versions: pip neither resolves nor isolates anything here.
$(VENV)/.installed: pyproject.toml static/hatch_build.py $(VENV)/.tools | static/dist/main.js
	$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

PAGE_SOURCES := $(shell find static/src static/css) \
	static/build.mjs static/package.json static/package-lock.json static/tsconfig.json

front-end: static/dist/main.js ## Bundle the page (only when its sources changed)
	@:

static/dist/main.js: $(PAGE_SOURCES) $(VENV)/.runtime
	$(BIN)/python static/hatch_build.py

run: setup ## Serve on http://localhost:8000 and open it (PORT=...)
	$(BIN)/convloupe serve --open --port $(PORT)

# Side by side: the loops are compiled while tools are installed. pytest keeps two processors busy by itself.
test: ## Everything: linters, types, every test
	@$(MAKE) --no-print-directory --jobs=3 $(WHOLE) loops browser check types scripts
	$(BIN)/pytest

# Once, into Numba's cache: else each process of the tests and each server they start would compile them.
loops: $(VENV)/.runtime
	$(BIN)/python -c "from engine import ops; ops.warm()"

scripts: setup
	$(NODE) --test "tests/static/**/*.test.ts"

test-frameworks: $(FRAMEWORKS)/.installed ## Run our programs in TensorFlow, Keras, PyTorch and JAX
	PYTHONPATH=. $(FRAMEWORKS)/bin/python -m pytest -n0 tests/frameworks/test_real.py tests/frameworks/test_readings.py tests/frameworks/test_conventions.py tests/frameworks/test_agreeing.py

# PyTorch apart, as for bench-peers.
$(FRAMEWORKS)/.installed: requirements/frameworks.lock
	@sh requirements/make-venv.sh $(PYTHON) $(FRAMEWORKS)
	$(FRAMEWORKS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	$(FRAMEWORKS)/bin/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	@touch $@

browser: $(VENV)/.tools
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m tests.firefox

firefox: setup browser ## The main journey in Firefox
	$(BIN)/pytest -n0 tests/browser/test_firefox.py

check: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy
	$(NODE) static/node_modules/typescript/bin/tsc --project static

shots: setup browser ## Pictures of every state and size, in build/shots (SHOTS="--only phone")
	$(BIN)/python -m tests.shots $(SHOTS)

fuzz: setup ## Requests made up from the OpenAPI document (FUZZ="--cases 3000 --seeds 7")
	$(BIN)/python -m tests.fuzz $(FUZZ)

chaos: setup ## What the server must survive, at length (CHAOS="--only kills --seed 7")
	$(BIN)/python -m tests.chaos $(CHAOS)

mutants: setup $(MUTANTS_VENV)/.installed ## How many small faults the tests of geometry, limits and ids notice (MUTANTS="--sample 0")
	PYTHONPATH=. $(MUTANTS_VENV)/bin/python -m tests.mutants $(MUTANTS)

# Beside what .venv has: a file of Python's that names its folder.
$(MUTANTS_VENV)/.installed: requirements/mutants.lock | $(VENV)/.installed
	@sh requirements/make-venv.sh $(PYTHON) $(MUTANTS_VENV)
	$(MUTANTS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		> $$($(MUTANTS_VENV)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/convloupe.pth
	@touch $@

bench: setup ## Check the answers, then time them (BENCH="--rounds 3 --only b")
	$(BIN)/python -m tests.bench $(BENCH)

bench-peers: $(PEERS)/.installed ## What bench compares with, in .venv-bench
	@:

# PyTorch apart: its wheels for Linux, with and without CUDA, have one version and different requirements.
$(PEERS)/.installed: requirements/bench.lock
	@sh requirements/make-venv.sh $(PYTHON) $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	@touch $@

image: ## Build the container image (docker, podman or buildah)
	@sh tests/image/build.sh

format: $(VENV)/.tools ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.installed ## Renew the table of docs/settings.md
	@sed '/^| variable /,$$d' docs/settings.md > docs/settings.md.new
	@$(BIN)/python -m app.settings >> docs/settings.md.new
	@mv docs/settings.md.new docs/settings.md

lock: $(VENV)/.tools ## Renew requirements/*.lock and static/package-lock.json
	@sh requirements/lock.sh $(BIN)
