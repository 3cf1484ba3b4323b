"""The portal's own settings, with the handful that a test needs to be otherwise.

What the developer's shell says is set aside first: a test must never reach a database
or a broker that someone works with. tests/backends.py hands over others as TEST_….
"""

import atexit
import importlib
import os
import shutil
import tempfile

_VAR = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)

# None: the variable is taken away, and the portal's own default holds.
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
}
for _name, _default in _ENVIRONMENT.items():
    os.environ.pop(_name, None)
    _value = os.environ.get(f"TEST_{_name}", _default)
    if _value is not None:
        os.environ[_name] = _value

# Processes that test side by side must not see each other's keys and queues.
os.environ["REDIS_PREFIX"] += os.environ.get("PYTEST_XDIST_WORKER", "")

_portal = importlib.import_module("portal.settings")
globals().update(
    {name: getattr(_portal, name) for name in dir(_portal) if name.isupper()}
)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No collectstatic before a test: files are served under their own names.
STORAGES = {
    **_portal.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# To look for them anew for every client would take longer than its test.
WHITENOISE_USE_FINDERS = False

if "TEST_DATABASE_NAME" in os.environ:
    _portal.DATABASES["default"]["TEST"] = {"NAME": os.environ["TEST_DATABASE_NAME"]}
