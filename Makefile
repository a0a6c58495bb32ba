# Needs Python 3.11 or later, make and a package registry; everything else is installed in .venv.
#
#   make check    format, lint, types and the tests that need no sandbox
#   make test     everything that must hold before a commit
#   make slow     the tests that take long: deaths at each step, long properties, Dask
#   make demo     the main job on a sandbox, start to end
#   make format   write the code the way `make test` wants it
#   make coverage the tests again, and which lines and branches they never run
#   make crash    kill apply, undo, migrate before and after every write request; export, import, fleets at random
#   make fuzz     40,000 mutated files: YAML, bindings, journals, variable files, plans
#   make machine  random stories of edits, plans, applies, kills, undos and exports
#   make edits    5,000 random edits in an editor: it is told what validate tells
#   make faults   play every kind of fault at every request of plan, apply, export, undo, migrate
#   make field    the clients of others, and schemathesis, on the sandbox; needs npm
#   make editors  the extension in code-server; needs Node.js 20, npm and Chromium
#   make soak     an hour of random work by three writers, with faults
#   make mutants  change the pure rooms line by line, and list what no test of tests/unit notices
#   make bench    measure the figures, and write them into docs/figures.md; takes half an hour
#   make vendor   fetch the layout engine of graphs from npm anew, as it is pinned
#   make docs     the pages of docs/ that are generated
#   make site     the pages as a site, in site/
#   make locked   install what requirements-dev.lock names, checked by hash, as CI does
#   make lock     bring the locks up to date with pyproject.toml
#   make lowest   tests/unit, and policies, with the lowest versions that pyproject.toml allows, in .venv-lowest
#   make audit    known vulnerabilities of what the locks name; fails, too, where it cannot ask
#   make installed  the wheel by pip, pipx and uv, in fresh environments
#   make typed    every command of the pages, typed by a stranger, and compared
#   make dist     wheel, source, list of parts (SBOM) and notes of a release, in dist/

PYTHON ?= python3
# Where a shell forbids bytecode, each command that the tests start would compile the program anew.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check

.PHONY: check test slow lint coverage demo format crash fuzz edits machine mutants bench vendor docs site \
  faults field editors soak locked lock lowest audit installed typed dist clean
.DELETE_ON_ERROR:

# What stands in tests/unit needs neither a database nor a network, nor a process for each case.
check: lint
	$(BIN)/python -m pytest -n 2 --dist worksteal tests/unit tests/test_architecture.py

# No test takes longer than its time limit; what was skipped is listed at the end, with its cure.
# In the order of names the small files of tests/unit come last, so that all workers end together.
test: lint
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m 'not slow'

# Kills at every file operation, long properties, and clusters: minutes that not every commit needs.
slow: .venv/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow

lint: .venv/.dev
	$(BIN)/ruff format --quiet --check .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy

# Takes twice as long as the tests alone: the command is measured in every process it starts.
coverage: .venv/.dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

demo: .venv/.sandbox
	$(BIN)/reconciler demo

crash: .venv/.dev
	$(BIN)/python -m tests.crash
	$(BIN)/python -m tests.crash_others
	$(BIN)/python -m tests.crash_migrate
	$(BIN)/python -m tests.fleet_kills

fuzz: .venv/.dev
	$(BIN)/python -m tests.fuzz

# Types at random, and compares what an editor is told with what validate tells.
edits: .venv/.dev
	$(BIN)/python -m tests.language_edits

machine: .venv/.dev
	$(BIN)/python -m tests.engine_machine

faults: .venv/.dev
	$(BIN)/python -m tests.faults

field: .venv/.dev
	$(BIN)/python -m tests.field
	$(BIN)/python -m tests.schemathesis_run

editors: .venv/.dev
	$(BIN)/python -m tests.code_server

soak: .venv/.dev
	nice -n 10 $(BIN)/python -m tests.soak --minutes 60

# Begins where it was broken off; `rm -rf mutants` begins anew.
mutants: .venv/.mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

bench: .venv/.dev
	$(BIN)/python -m tests.benchmarks

vendor: .venv/.dev
	$(BIN)/python -m tests.vendor

docs: .venv/.dev
	$(BIN)/python -m tests.docs

site: .venv/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

format: .venv/.dev
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --fix .

locked: | .venv/.python
	$(INSTALL) --require-hashes --requirement requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch .venv/.sandbox .venv/.dev

# One file for every system and Python, without the names of registries: pip alone can read it.
LOCK := .venv-release/bin/uv pip compile --quiet --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock'

lock: .venv-release/.made
	$(LOCK) --extra dev pyproject.toml --output-file requirements-dev.lock
	$(LOCK) --group release --output-file requirements-release.lock
	$(LOCK) --extra policies --extra fleet --extra telemetry pyproject.toml \
	  --output-file requirements-image.lock

lowest: .venv-release/.made
	.venv-release/bin/uv venv --quiet --clear --python $(PYTHON) .venv-lowest
	.venv-release/bin/uv pip install --quiet --python .venv-lowest --resolution lowest-direct --editable '.[dev]'
	.venv-lowest/bin/python -m pytest -n 2 --dist worksteal tests/unit tests/test_policies_*.py

audit: .venv-release/.made
	.venv-release/bin/pip-audit --strict --disable-pip --requirement requirements-dev.lock
	.venv-release/bin/pip-audit --strict --disable-pip --requirement requirements-release.lock

typed: .venv/.dev
	$(BIN)/python -m tests.typed

installed: .venv/.dev
	$(BIN)/python -m tests.installed

# The parts are those of a fresh environment with the wheel and all that it can use.
dist: .venv-release/.made
	rm -rf dist
	mkdir dist
	python3 -m tests.release $(TAG) > dist/notes.md
	.venv-release/bin/python -m build --no-isolation
	.venv-release/bin/uv venv --quiet --clear --python $(PYTHON) .venv-parts
	.venv-release/bin/uv pip install --quiet --python .venv-parts --constraint requirements-dev.lock \
	  "$$(echo dist/*.whl)[sandbox,policies,fleet,lsp,telemetry]"
	.venv-release/bin/uv pip uninstall --quiet --python .venv-parts bookingmood-reconciler
	sed 's/^dynamic = .*/version = "$(TAG:v%=%)"/' pyproject.toml > .venv-parts/pyproject.toml
	.venv-release/bin/cyclonedx-py environment .venv-parts --pyproject .venv-parts/pyproject.toml \
	  --output-reproducible --output-format JSON --output-file dist/bookingmood-reconciler.cdx.json

clean:
	rm -rf .venv .venv-release .venv-lowest .venv-parts mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* dist site

# One stamp per set of libraries: they are installed again only when pyproject.toml changed.
.venv/.dev: pyproject.toml | .venv/.python
	$(INSTALL) --editable '.[dev]'
	@touch .venv/.sandbox $@

.venv/.mutants: pyproject.toml | .venv/.python
	$(INSTALL) --editable '.[mutants]'
	@touch .venv/.dev .venv/.sandbox $@

.venv/.sandbox: pyproject.toml | .venv/.python
	$(INSTALL) --editable '.[sandbox]'
	@touch $@

.venv-release/.made: requirements-release.lock
	$(PYTHON) -m venv .venv-release
	.venv-release/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
	  --requirement requirements-release.lock
	@touch $@

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed, such as: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@
