# Commands for development; `make` without a target lists them.
#
# Needs Python 3.11 to 3.13 with venv. PYTHON=... overrides the first suitable one.
ifndef PYTHON
PYTHON := $(shell deploy/find-python)
endif
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SOURCES := manage.py $(patsubst %/apps.py,%,$(wildcard */apps.py)) deploy tests
# At most four processes; further pytest arguments by ARGS, e.g. ARGS="-k seminars -x".
PYTEST_ARGS := -n logical --maxprocesses 4 $(ARGS)

# Checks read the code only and never access a database of the developer.
LOCAL := PORTAL_MODE=local DATABASE_URL=sqlite://:memory: REDIS_URL=
PRODUCTION := PORTAL_MODE=production ALLOWED_HOSTS=portal.example \
	DATABASE_URL=postgresql://portal@db.portal.example/portal \
	REDIS_URL=redis://redis.portal.example:6379/0

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-quick test-services guide broken-rules bench check release-check fix messages \
	schema tools

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: ## Serve the portal on http://localhost:8000/ (PORT=...), with the public record
	@$(PYTHON) deploy/run_local.py

test: tools ## Run all tests on SQLite, without any service (ARGS="-k ...")
	@$(LOCAL) $(MANAGE) compile_catalogues
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-quick: tools ## Run the tests that need no database, within a minute
	@$(LOCAL) $(MANAGE) compile_catalogues
	@$(BIN)/python -m pytest --quick $(PYTEST_ARGS)

test-services: tools ## Run what uses a service on PostgreSQL and Redis, with a Celery worker
	@$(LOCAL) $(MANAGE) compile_catalogues
	@$(BIN)/python -m tests.run_with_backends -m "not browser" $(PYTEST_ARGS)

guide: tools ## Take the pictures of docs/staff-guide.md again (needs Chromium)
	@GUIDE_PICTURES=1 REQUIRE_BROWSER=1 $(BIN)/python -m pytest -q tests/browser/test_office_workflow.py tests/browser/test_staff_day.py tests/browser/test_sheet_proposals.py

broken-rules: tools ## Break central rules in a copy; the tests named must fail (ARGS="audit")
	@$(LOCAL) $(MANAGE) compile_catalogues
	@$(BIN)/python -m tests.broken_rules $(ARGS)

bench: tools ## Measure pages with 1,000 and 100,000 records (ARGS="--records 1000")
	@$(BIN)/python -m tests.bench $(ARGS)

check: tools ## Run all checks other than tests
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python deploy/check_plain_language.py
	$(BIN)/lint-imports --no-cache --no-logo
	$(LOCAL) $(MANAGE) makemigrations --check --dry-run
	$(LOCAL) $(MANAGE) compile_catalogues --check
	$(LOCAL) $(MANAGE) openapi --check
	$(LOCAL) $(MANAGE) document_roles --check
	@echo "manage.py check --deploy, as in production"
	@$(PRODUCTION) SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(MANAGE) check --deploy --fail-level WARNING
	@$(BIN)/python deploy/check_no_psycopg3.py
	$(BIN)/python -m pip check

release-check: tools ## Check that every interface catalogue is complete; before a release
	$(LOCAL) $(MANAGE) compile_catalogues --check --complete
	@RELEASE_CHECK=1 $(BIN)/python -m pytest -q tests/project/test_translatable_strings.py

fix: tools ## Format, and fix what a tool can fix
	$(BIN)/ruff check --fix --exit-zero $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	@# Both exit with 1 when they have changed a file.
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} + || true
	find templates -name '*.html' -exec $(BIN)/djhtml --tabwidth 2 {} + || true

messages: tools ## Update locale/ from the code (needs gettext)
	$(LOCAL) $(BIN)/python deploy/make_messages.py

schema: tools ## Write portal/core/api/openapi.json
	$(LOCAL) $(MANAGE) openapi

# Create the virtual environment for checks and tests; does nothing if it is up to date.
tools:
	@$(PYTHON) deploy/virtual_env.py tests/requirements.txt
