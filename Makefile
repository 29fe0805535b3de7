# Two commands do everything on a machine with Python 3.11+ and make:
#   make run    the service and the tray on your own threads
#   make test   formatting, lint, types, import lines and all quick tests

PYTHON ?= $(shell sh packaging/dev/find_python.sh)
BIN := .venv/bin
STAMPS := .make
PACKAGING := $(STAMPS)/packaging-env
MINUTES ?= 30
SEED ?= 1

.PHONY: help run demo test e2e soak fuzz bench lint format pricing schemas icons gallery
.PHONY: wheel deb bundle vsix release lock clean

help: ## Show what there is to make
	@sed -n 's/^\([a-z0-9]*\):.*## /\1\t/p' Makefile | expand -t 12

run: $(STAMPS)/program ## Install into .venv and start the service and the tray
	@$(BIN)/amp-tray run

demo: $(STAMPS)/program ## Run the whole program on sample threads, one of them growing
	@$(BIN)/python packaging/demo/demo.py

test: $(STAMPS)/tools $(STAMPS)/system lint ## Check everything that is quick
	$(BIN)/pytest -n auto -m "not e2e"

e2e: $(STAMPS)/tools $(STAMPS)/system ## Check what is slow: packages, panels, the demo
	$(BIN)/pytest -m e2e

soak: $(STAMPS)/tools ## Have a service live through everything for MINUTES=30, as SEED=1 has it
	SOAK_MINUTES=$(MINUTES) SOAK_SEED=$(SEED) $(BIN)/pytest --log-cli-level INFO tests/e2e/test_soak.py

fuzz: $(STAMPS)/tools ## Send the wire hostile input, EXAMPLES=5000 of each kind
	AMP_TRAY_FUZZ=$(or $(EXAMPLES),5000) $(BIN)/pytest tests/rpc tests/surfaces/rpc -k fuzz

bench: $(STAMPS)/tools ## Measure this program beside its peers; OPTIONS=--quick for two minutes
	$(BIN)/python -m tests.benchmarks $(OPTIONS)

lint: $(STAMPS)/tools ## Check formatting, lint, types and import lines
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(STAMPS)/tools ## Format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pricing: $(STAMPS)/program ## Add LiteLLM's newest release to the bundled price catalogue
	$(BIN)/python packaging/pricing/build_catalogue.py

schemas: $(STAMPS)/program ## Write the JSON Schemas and the manual page anew from the code
	$(BIN)/python packaging/dev/write_schemas.py
	$(BIN)/python packaging/dev/write_man_page.py

icons: $(STAMPS)/program ## Render the icons that packages install, from the drawing of the tray's
	$(BIN)/python packaging/icons/render.py

gallery: $(STAMPS)/program ## Draw every state of the tray's icon on one page, .make/icons.png
	$(BIN)/python packaging/icons/gallery.py

wheel: $(STAMPS)/packaging ## Build the wheel and the sdist into dist/
	@sh packaging/release/build_wheel.sh $(PACKAGING)

deb: wheel ## Build the package for Debian 12 into dist/
	@sh packaging/debian/build.sh $(PACKAGING)

bundle: $(STAMPS)/packaging ## Build the folder that needs no Python into dist/ (PyInstaller)
	@sh packaging/pyinstaller/build.sh $(PACKAGING)

vsix: ## Package the VS Code extension into dist/ (with npm)
	@sh packaging/dev/build_vsix.sh dist

release: wheel deb bundle vsix ## Build everything, list what it is made of, write SHA256SUMS
	@sh packaging/release/release.sh $(PACKAGING)

lock: $(STAMPS)/packaging ## Pin anew what packages are built of; UPGRADE=--upgrade for the newest
	@UPGRADE=$(UPGRADE) sh packaging/locked/lock.sh $(PACKAGING)/bin/uv

clean: ## Remove the environment and everything made
	rm -rf rpc/clients/vscode/node_modules rpc/clients/vscode/out rpc/clients/vscode/LICENSE
	rm -rf .venv $(STAMPS) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	@sh packaging/dev/make_environment.sh "$(PYTHON)"
	@touch $@

$(STAMPS)/program: $(STAMPS)/venv pyproject.toml
	@echo "Installing amp-tray into .venv ..."
	@$(BIN)/pip install --quiet --editable .
	@touch $@

$(STAMPS)/tools: $(STAMPS)/program pyproject.toml
	@echo "Installing the development tools into .venv ..."
	@$(BIN)/pip install --quiet --group dev
	@touch $@

$(STAMPS)/packaging: packaging/locked/program.txt packaging/locked/tools.txt
	@mkdir -p $(STAMPS)
	@echo "Installing what builds packages into $(PACKAGING) ..."
	@sh packaging/release/make_environment.sh "$(PYTHON)" $(PACKAGING)
	@touch $@

$(STAMPS)/system: packaging/dev/system_packages.sh
	@mkdir -p $(STAMPS)
	@sh packaging/dev/system_packages.sh
	@touch $@
