# make run    simulate the shipped case and three counterfactuals
# make test   every check: style, types, tests with coverage, docs, and a second Python if found
# make plain  single rules of the world, and exact records, in plain Python instead of compiled
# make thorough  the tests that take long and of which parts rarely change
# make worlds WORLDS=1000  every law in as many new random worlds, test by test
# make studies  run the published studies and show their numbers beside what is printed
# make bench  speed, as ratios (needs more time; not part of the checks)
# make baselines WHY="..."  renew the exact results of the shipped scenarios
# make setup  only the virtual environment, and the model compiled for this machine

PYTHON ?= python3
# A second Python that really runs: a name on the path may be a stand-in that refuses to.
PYTHON2 ?= $(shell for python in "$$(pyenv prefix 3.13.0 2>/dev/null)/bin/python" python3.13; do \
	"$$python" -c '' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
# Counting lines makes Python half as fast before 3.12, and much less so from then on: coverage is
# counted by the second Python, where one is found. Of compiled rules no lines can be counted.
COUNTING := $(if $(PYTHON2),COVERAGE_CORE=sysmon .venv-second/bin/python,$(BIN)/python)
COUNTED := --cov --cov-append --cov-report=term
RUN := scenarios/baseline.yaml scenarios/no_closure.yaml scenarios/closure_week_earlier.yaml scenarios/quarantine_14_days.yaml

.PHONY: run test environments plain thorough worlds setup studies bench clean lint types unit docs second baselines

run: setup
	$(BIN)/bordersim run $(RUN) --out results

test: environments lint types plain unit docs second

# Both environments at one time: each installs and compiles on one processor.
environments:
	@$(MAKE) --no-print-directory -j2 .venv/ready $(if $(PYTHON2),.venv-second/ready)

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "bordersim needs Python 3.11, 3.12 or 3.13; set PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	$(BIN)/python -m sim.world.compilation
	touch $@

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

plain: environments
	NUMBA_DISABLE_JIT=1 $(COUNTING) -W error -m pytest -n 2 -m 'rules or plain' --cov --cov-report=

unit: setup
	@# Once here, and not in both processes of the tests; at once if no rule has been edited.
	$(BIN)/python -m sim.world.compilation
	$(BIN)/python -W error -m pytest -n 2 --dist loadfile --durations=30 -m 'not thorough' $(if $(PYTHON2),,$(COUNTED))

# The layout of every figure in every case, every field of the schema drawn, the longest study.
thorough: setup
	$(BIN)/python -W error -m pytest -n 2 --dist loadfile -m thorough

WORLDS ?= 1000
worlds: setup
	WORLDS=$(WORLDS) $(BIN)/python -W error -m pytest -n 2 tests/world/test_any_world.py tests/world/test_laws.py \
		tests/world/test_order_of_files.py

docs: setup
	$(BIN)/python -m docs.generate --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# The newer Mesa needs Python 3.12 or later: the fast tests run there too, where one is found.
second: environments
ifneq ($(PYTHON2),)
	$(COUNTING) -W error -m pytest -n 2 --dist loadfile -m 'not slow and not thorough' $(COUNTED)
else
	@echo "No Python 3.13 found: the tests with the newer Mesa are left out."
endif

.venv-second/ready: pyproject.toml constraints.txt
	$(PYTHON2) -m venv .venv-second
	.venv-second/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	.venv-second/bin/python -m sim.world.compilation
	touch $@

# Shows what has moved; writes only if it is said why.
baselines: setup
	$(BIN)/python tests/support/baselines.py "$$WHY"

studies: setup
	$(BIN)/python -m docs.generate studies

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .venv-second results site dist build
