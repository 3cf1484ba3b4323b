"""The portal's settings with a few changes for tests.

Environment variables of the developer's shell are removed first: a test must never
reach a database or a broker in use. tests/run_with_backends.py passes others as TEST_….
"""

import atexit
import importlib
import os
import shutil
import tempfile

_VAR = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)

# None: the variable is removed, so that the portal's default applies.
_ENVIRONMENT = {
    "PORTAL_MODE": "local",
    "PORTAL_VAR": _VAR,
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_PREFIX": "portal_test",
    "REDIS_URL": None,
    "JOBS_EAGER": "true",
    "MEDIA_ROOT": None,
    "SECRET_KEY": None,
    "SECRET_KEY_FALLBACKS": None,
    "ALLOWED_HOSTS": None,
    "CSRF_TRUSTED_ORIGINS": None,
    "API_RATE": None,
    "NUM_PROXIES": None,
    "LOG_LEVEL": None,
    "DATABASE_STATEMENT_TIMEOUT": None,
    "CLAMAV_SOCKET": None,
    "FOUR_EYES": None,
    "CONTACT_ADDRESS": None,
    "CONTACT_PHONE": None,
    "CONTACT_EMAIL": None,
    "ICP_NUMBER": None,
    "POLICE_NUMBER": None,
    "SITE_CODE": None,
    "SECURE_SSL_REDIRECT": None,
    "SECOND_FACTOR_REQUIRED": None,
    "EMAIL_URL": None,
    "MAIL_FROM": None,
    "AUDIT_HEAD_DIRECTORY": None,
    "AUDIT_HEAD_RECIPIENTS": None,
}
for _name, _default in _ENVIRONMENT.items():
    os.environ.pop(_name, None)
    _value = os.environ.get(f"TEST_{_name}", _default)
    if _value is not None:
        os.environ[_name] = _value

# Parallel test processes must not share keys and queues.
os.environ["REDIS_PREFIX"] += os.environ.get("PYTEST_XDIST_WORKER", "")

_portal = importlib.import_module("portal.settings")
globals().update(
    {name: getattr(_portal, name) for name in dir(_portal) if name.isupper()}
)

# Argon2 is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Files are served under their own names, without collectstatic.
STORAGES = {
    **_portal.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Scanning for static files for every client would take longer than its test.
WHITENOISE_USE_FINDERS = False

if "TEST_DATABASE_NAME" in os.environ:
    _portal.DATABASES["default"]["TEST"] = {"NAME": os.environ["TEST_DATABASE_NAME"]}
