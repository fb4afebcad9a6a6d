# Two commands on a fresh machine: `make demo` and `make test`. Each sets up what it needs in .venv; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
# The tests start the program hundreds of times; without its compiled form each start takes a quarter of a second longer.
export PYTHONDONTWRITEBYTECODE :=
.PHONY: help demo test check train format bench-reading bench-matching bench-mailbox soak-cuts soak-kills soak-week fuzz requirements examples schemas man bench-seeing reference docs docs-serve lock clean tools

PYTHON ?= python3
UV_VERSION := 0.13.9
ATHERIS_VERSION := 3.0.0
# One worker more than processors: many tests wait for a server or for another process.
# Each begins with a stretch of neighbours, which share what they set up, and takes from the others when it has done its own.
PYTEST_ARGS ?= -q -n $(shell expr $$(nproc) + 1) --dist worksteal
BENCH_ARGS ?=
BIN := .venv/bin
MKDOCS := NO_MKDOCS_2_WARNING=1 PYTHONPATH=. $(BIN)/mkdocs
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
COMPILE := $(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile

demo: .venv/demo-ready ## a job search in progress: what the agent reads in it and drafts for it (KEEP=1: and keep its mail server)
	@$(BIN)/interview-agent demo $(if $(KEEP),--keep)

test: .venv/dev-ready tools ## all tests, against a real Dovecot
	@$(BIN)/pytest $(PYTEST_ARGS)

check: .venv/dev-ready ## format, lint, types, import order, dependencies, locks, links, documentation
	@$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry agent
	$(BIN)/python -m tests.project.locks
	$(BIN)/python -m tests.project.links
	$(MKDOCS) build --strict 2> >(grep --invert-match ^INFO >&2)

format: .venv/dev-ready ## put every Python file into the common form
	@$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench-reading: .venv/dev-ready ## how well mail is read: the corpus, its sealed part apart, and other mail with labels (DEV=file.jsonl)
	@$(BIN)/python -m bench.reading $(if $(DEV),--dev $(DEV)) $(BENCH_ARGS)

bench-matching: .venv/dev-ready ## how well mail is matched to interviews, on whole job searches, and what matching costs
	@$(BIN)/python -m bench.matching $(BENCH_ARGS)

soak-cuts: .venv/dev-ready tools ## a pass over a line that breaks at every octet (BENCH_ARGS="--from 0 --to 4000 --every 1 --server dovecot|poor|cyrus")
	@$(BIN)/python -m bench.cuts $(BENCH_ARGS)

soak-kills: .venv/dev-ready tools ## a thousand passes over a real mail server killed at random moments (BENCH_ARGS="--kills 50 --service --server cyrus")
	@$(BIN)/python -m bench.kills $(BENCH_ARGS)

soak-week: .venv/dev-ready tools ## a week in fast motion over a real Dovecot, with and without faults (BENCH_ARGS="--days 1": shorter)
	@$(BIN)/python -m bench.soak_week $(BENCH_ARGS)

fuzz: .venv/dev-ready ## ten minutes of fuzzing on everything that reads bytes (BENCH_ARGS="--minutes 60 --seeds FOLDER": mail to begin with)
	@$(PIP) atheris==$(ATHERIS_VERSION)
	$(BIN)/python -m fuzz.run $(BENCH_ARGS)

requirements: .venv/dev-ready ## docs/requirements.md anew: which rule, template or check carries out what the guides ask for
	@$(BIN)/python -m tests.project.requirements

bench-guides: .venv/dev-ready ## how far each preset follows its guide, on sealed job searches (BENCH_ARGS="--side-by-side default/berlin")
	@$(BIN)/python -m bench.guides $(BENCH_ARGS)

bench-mailbox: .venv/dev-ready tools ## 20,000 messages on a real Dovecot: first look, quiet pass, new mail, idle hour, beside others (twelve minutes)
	@.ci/isync
	$(BIN)/python -m bench.mailbox $(BENCH_ARGS)

examples: .venv/dev-ready ## docs/drafts.md anew: one draft of each kind in three languages
	@$(BIN)/python -m tests.project.examples

man: .venv/dev-ready ## man/interview-agent.1 and the words for completion anew, from the commands' own help
	@$(BIN)/python -m tests.project.man

bench-seeing: .venv/dev-ready ## how fast status, why, review and --help answer, with 200 interviews and 20,000 events
	@$(BIN)/python -m bench.seeing $(BENCH_ARGS)

schemas: .venv/dev-ready ## rules/schemas anew: the JSON schemas by which editors complete and check the rules
	@$(BIN)/python -m tests.project.schemas

reference: .venv/dev-ready ## docs/reference anew, from the code: configuration, commands, rules, labels, status table, log
	@$(BIN)/python -m tests.project.reference

docs: .venv/dev-ready ## the documentation as a site, in site/
	@$(MKDOCS) build --strict 2> >(grep --invert-match ^INFO >&2)
	echo "site/index.html"

docs-serve: .venv/dev-ready ## the same at http://127.0.0.1:8000, built anew with every change
	@$(MKDOCS) serve --dev-addr 127.0.0.1:8000

lock: .venv/dev-ready ## write requirements/ anew from pyproject.toml, with the newest versions it allows
	@$(PIP) uv==$(UV_VERSION)
	$(COMPILE) --upgrade --extra demo --group dev --output-file requirements/dev.txt
	$(COMPILE) --upgrade --extra demo --group build --constraint requirements/dev.txt --output-file requirements/demo.txt
	$(COMPILE) --upgrade --constraint requirements/dev.txt --output-file requirements/run.txt

train: .venv/dev-ready ## the learned reader anew: learn from corpus and rule examples, print its tables (two minutes)
	@$(BIN)/python -m training.train

clean: ## remove .venv and everything that was built
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@.ci/venv $(PYTHON)

.venv/demo-ready: requirements/demo.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the demo needs into .venv (the first time only) ..."
	$(PIP) --require-hashes -r requirements/demo.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

.venv/dev-ready: requirements/dev.txt requirements/demo.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need into .venv (the first time only) ..."
	$(PIP) --require-hashes -r requirements/dev.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch .venv/demo-ready $@

tools:
	@.ci/dovecot
	.ci/cyrus
	.ci/systemd
	.ci/chromium
