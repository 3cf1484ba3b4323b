# The few commands to remember; `make` alone lists them.
#
# Needed: Python 3.11 to 3.13 with venv. Another than the first that fits: PYTHON=...
ifndef PYTHON
PYTHON := $(shell deploy/find-python)
endif
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SOURCES := manage.py portal exchanges seminars delegations deploy tests
# Two at a time on the smallest machine; more for ARGS, as in ARGS="-k seminars -x".
PYTEST_ARGS := -n logical --maxprocesses 4 $(ARGS)

# Checks look at the code only, never at a database of the developer's.
LOCAL := PORTAL_MODE=local DATABASE_URL=sqlite://:memory: REDIS_URL=
PRODUCTION := PORTAL_MODE=production ALLOWED_HOSTS=portal.example \
	DATABASE_URL=postgresql://portal@db.portal.example/portal \
	REDIS_URL=redis://redis.portal.example:6379/0

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-services guide bench check release-check fix messages \
	schema tools

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: ## The portal on http://localhost:8000/ (PORT=...), with the public record
	@$(PYTHON) deploy/run_local.py

test: tools ## All tests, on SQLite, without any service (ARGS="-k ...")
	@$(LOCAL) $(MANAGE) compile_catalogues
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-services: tools ## The same tests on PostgreSQL and Redis, with a Celery worker
	@$(LOCAL) $(MANAGE) compile_catalogues
	@$(BIN)/python -m tests.backends -m "not browser" $(PYTEST_ARGS)

guide: tools ## Take the pictures of docs/staff-guide.md anew (needs Chromium)
	@GUIDE_PICTURES=1 REQUIRE_BROWSER=1 $(BIN)/python -m pytest -q tests/browser/test_day.py

bench: tools ## What pages cost with 1,000 and 100,000 records (ARGS="--records 1000")
	@$(BIN)/python -m tests.bench $(ARGS)

check: tools ## Everything that can be judged without running a test
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports --no-cache --no-logo
	$(LOCAL) $(MANAGE) makemigrations --check --dry-run
	$(LOCAL) $(MANAGE) compile_catalogues --check
	$(LOCAL) $(MANAGE) openapi --check
	$(LOCAL) $(MANAGE) document_roles --check
	@echo "manage.py check --deploy, as in production"
	@$(PRODUCTION) SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(MANAGE) check --deploy --fail-level WARNING
	@$(BIN)/python deploy/no_psycopg3.py
	$(BIN)/python -m pip check

release-check: tools ## That every interface catalogue is complete; before a release
	$(LOCAL) $(MANAGE) compile_catalogues --check --complete
	@RELEASE_CHECK=1 $(BIN)/python -m pytest -q tests/house/test_strings.py

fix: tools ## Format and mend what a tool can mend
	$(BIN)/ruff check --fix --exit-zero $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	@# Both say 1 when they have mended something.
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} + || true
	find templates -name '*.html' -exec $(BIN)/djhtml --tabwidth 2 {} + || true

messages: tools ## Bring locale/ up to date with the code (needs gettext)
	$(LOCAL) $(BIN)/python deploy/messages.py

schema: tools ## Write portal/api/openapi.json anew
	$(LOCAL) $(MANAGE) openapi

# The virtual environment with what the checks and tests need; no work if unchanged.
tools:
	@$(PYTHON) deploy/virtual_env.py tests/requirements.txt
