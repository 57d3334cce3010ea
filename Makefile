# Everything a developer needs. Each target makes the environment it needs from the lock files.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

export PYTHONDONTWRITEBYTECODE := $(if $(CI),1,)

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: serve
serve: $(VENV)/run ## Start the service on 127.0.0.1:8000 (COPYDESK_BIND to change)
	@$(BIN)/copydesk serve

# Tests that start real servers have the mark `server`. These directories need seconds per test, or other programs.
SLOW_TESTS := tests/server tests/deploy tests/packaging tests/quality
JOBS ?= auto
.PHONY: test
test: $(VENV)/dev ## Run the fast tests on all CPUs: units, contract, service, schemas, documentation (JOBS processes)
	@$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile -m "not server" $(SLOW_TESTS:%=--ignore=%)

.PHONY: test-slow
test-slow: $(VENV)/dev ## Run the tests of real servers, load balancers, deployment, wheels, supply chain and repair quality
	@$(BIN)/python -m pytest -m server $(SLOW_TESTS:%=--ignore=%)
	@$(BIN)/python -m pytest $(SLOW_TESTS)

.PHONY: test-browser
test-browser: $(VENV)/dev ## Run the tests of the web pages in chromium (skipped without it)
	@$(BIN)/python -m pytest tests/browser

# Spark has its own environment, as it takes 500 MB.
.PHONY: test-spark
test-spark: $(VENV)/spark/made ## Run the tests of copydesk[spark] with a local Spark (skipped without Java 17)
	@$(VENV)/spark/bin/python -m pytest tests/spark copydesk/spark || test $$? -eq 5  # all tests were skipped

# Generators of clients have their own environment, as their users do not have Copydesk installed.
CLIENTS := $(VENV)/clients
.PHONY: test-clients
test-clients: $(VENV)/dev $(CLIENTS)/made $(if $(shell command -v npm),$(CLIENTS)/node_modules/made) ## Generate clients from openapi.yaml and call a service with them (TypeScript only with Node.js)
	@command -v npm >/dev/null || echo "No TypeScript client is tested: there is no Node.js"
	@CLIENT_GENERATORS=$(CURDIR)/$(CLIENTS) $(BIN)/python -m pytest tests/clients

.PHONY: test-all
test-all: test test-slow test-browser test-clients ## Run all tests, those of Spark only if there is Java
	@if command -v java >/dev/null; then $(MAKE) test-spark; else echo "Spark is not tested: there is no Java"; fi

.PHONY: check
check: $(VENV)/dev ## Run the linters, the type checker and the OpenAPI checks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m schemas --check
	@$(BIN)/python -m tools.reference --check
	@$(BIN)/openapi-spec-validator openapi.yaml
	@$(BIN)/hadolint Dockerfile

.PHONY: format
format: $(VENV)/dev ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: schemas
schemas: $(VENV)/dev ## Generate openapi.yaml and copydesk/typed_dicts.py from schemas/
	@$(BIN)/python -m schemas

.PHONY: reference
reference: $(VENV)/dev ## Generate pages of docs/reference from the code
	@$(BIN)/python -m tools.reference

# The site has its own environment. Warnings, such as of a link without a target, are errors.
.PHONY: docs
docs: $(VENV)/docs/made ## Build the documentation site in build/docs
	@$(VENV)/docs/bin/python -m sphinx --fresh-env --fail-on-warning --keep-going --quiet --builder html docs build/docs

.PHONY: bench
bench: $(VENV)/dev ## Measure speed, repair and language detection; write bench/README.md and its plot
	@$(BIN)/python -m bench.speed --write
	@$(BIN)/python -m bench.repair
	@$(BIN)/python -m bench.language
	@$(BIN)/python -m bench.language --cost

RUNS ?= 250000
SECONDS ?= 0
SEED ?= 0
.PHONY: fuzz
fuzz: $(VENV)/dev ## Fuzz the targets, guided by coverage: RUNS per target, at most SECONDS; crashes are saved in fuzz/crashes
	@$(BIN)/python -m fuzz --runs $(RUNS) --seconds $(SECONDS) --seed $(SEED)

CASES ?= 20000
EACH ?= 1000
.PHONY: contract
contract: $(VENV)/dev ## Test a running server by its OpenAPI document: at least CASES, EACH per operation and run
	@$(BIN)/python -m fuzz.contract --cases $(CASES) --each $(EACH)

MINUTES ?= 30
.PHONY: soak
soak: $(VENV)/dev ## Keep the service under load for MINUTES and report memory, latency and errors
	@$(BIN)/python -m bench.soak --minutes $(MINUTES)

.PHONY: attack
attack: $(VENV)/dev ## Attack the service: memory, CPU, hostile content, slow clients; ATTACKS="name name" for some
	@$(BIN)/python -m bench.attack $(ATTACKS)

.PHONY: sbom
sbom: $(VENV)/dev ## Write the SBOM of the image to sbom.cdx.json (CycloneDX)
	@$(BIN)/python -m tools.sbom sbom.cdx.json

# AUDIT=lenient: packages that could not be audited are reported, but are not a failure.
.PHONY: audit
audit: $(VENV)/dev ## Audit the lock files for known vulnerabilities
	@$(BIN)/python -m tools.audit $(if $(filter lenient,$(AUDIT)),--lenient)

.PHONY: licences
licences: $(VENV)/dev ## List the licences of all dependencies; a failure if one is not accepted
	@$(BIN)/python -m tools.licences

.PHONY: release-check
release-check: $(VENV)/dev ## Build a release in dist/, check it, and try it in an empty environment; publishes nothing
	@$(BIN)/python -m tools.release_check

# Training has its own environment, as its sources are large. Each step reads what the one before wrote.
TRAIN := $(VENV)/model/bin/python -m tools
.PHONY: model
model: $(VENV)/model/made ## Train the language model, language detection and the decision of repair
	@$(TRAIN).train_model model
	@$(TRAIN).fit_language
	@$(TRAIN).train_model.decision gather --seed 11 $(VENV)/model/runs-11.jsonl
	@$(TRAIN).train_model.decision gather --seed 12 $(VENV)/model/runs-12.jsonl
	@$(TRAIN).train_model.decision gather --seed 21 --kinds clean --scale 1.5 $(VENV)/model/runs-21.jsonl
	@$(TRAIN).train_model.decision fit $(VENV)/model/runs-*.jsonl --output copydesk/repairs/data/decision.npz
	@$(TRAIN).train_model.suspicion --output copydesk/repairs/data/suspicion.json

.PHONY: cldr
cldr: ## Regenerate the CLDR tables
	@$(PYTHON) -m venv $(VENV)/cldr
	@$(VENV)/cldr/bin/python -m pip install --quiet --disable-pip-version-check babel==2.18.0
	@$(VENV)/cldr/bin/python tools/derive_calendar.py
	@$(VENV)/cldr/bin/python tools/derive_languages.py

# The tags are those of deploy/compose.yaml and of the overlays in deploy/k8s.
IMAGE ?= copydesk
VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"$$/\1/p' copydesk/__init__.py)
.PHONY: image
image: ## Build the container image, with the tags latest and the version (IMAGE for another name)
	docker build --tag $(IMAGE) --tag $(IMAGE):$(VERSION) --label org.opencontainers.image.version=$(VERSION) \
		--label org.opencontainers.image.revision=$(shell git rev-parse HEAD) .

.PHONY: lock
lock: ## Update the lock files
	@$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip install --quiet uv
	@for part in build run dev docs model clients spark; do case $$part in \
		build) out=requirements-build.lock; groups="--group build" ;; \
		run) out=requirements.lock; groups="pyproject.toml --extra service --extra html" ;; \
		dev) out=requirements-dev.lock; groups="pyproject.toml --extra service --extra html --extra otel --group dev" ;; \
		docs) out=requirements-docs.lock; groups="pyproject.toml --group docs" ;; \
		model) out=requirements-model.lock; groups="--group model --no-deps" ;; \
		clients) out=requirements-clients.lock; groups="--group test-clients" ;; \
		spark) out=requirements-spark.lock; groups="pyproject.toml --extra service --extra html --extra spark --group test-spark" ;; esac; \
		$(VENV)/lock/bin/uv pip compile $$groups --universal --python-version 3.11 --generate-hashes --upgrade \
			--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet --output-file $$out; done
	@if command -v npm >/dev/null; then cd tests/clients/typescript && npm update --package-lock-only \
		--omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --silent; fi

.PHONY: clean
clean: ## Remove the environment, all caches, build/ and dist/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .fuzz build dist sbom.cdx.json

$(VENV)/base: requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Copydesk needs Python 3.11 or newer; set PYTHON=/path/to/one")'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --requirement requirements-build.lock
	@touch $@

$(VENV)/run: $(VENV)/base requirements.lock pyproject.toml
	@$(PIP) --no-build-isolation --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.lock
	@$(PIP) --no-build-isolation --requirement requirements-dev.lock
	@touch $@

$(VENV)/docs/made $(VENV)/model/made $(VENV)/spark/made $(CLIENTS)/made: $(VENV)/%/made: requirements-build.lock requirements-%.lock pyproject.toml
	@$(PYTHON) -m venv $(@D)
	@for lock in build $*; do $(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--no-deps --no-build-isolation --requirement requirements-$$lock.lock || exit 1; done
	@touch $@

# npm takes a package-lock.json without the addresses of packages, and checks their hashes.
$(CLIENTS)/node_modules/made: tests/clients/typescript/package-lock.json
	@mkdir -p $(CLIENTS) && cp tests/clients/typescript/package.json tests/clients/typescript/package-lock.json $(CLIENTS)
	@cd $(CLIENTS) && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@
