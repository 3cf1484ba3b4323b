"""Django settings of the portal, in one file.

All environment variables are read in the first section. They are listed in .env.example
and explained in docs/operations.md.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from portal.core.accounts.authentication_settings import AUTHENTICATION_SETTINGS
from portal.core.api.framework_settings import OPENAPI_SETTINGS, REST_FRAMEWORK_DEFAULTS
from portal.core.environment import Environment, check_allowed_hosts, check_secret_key
from portal.core.languages import LANGUAGES as PORTAL_LANGUAGES
from portal.core.translations.field_labels import build_field_label

BASE_DIR = Path(__file__).resolve().parent.parent

# ---------------------------------------------------------------- environment

# An empty variable has its default; a malformed one raises ImproperlyConfigured.
env = Environment(os.environ)
PORTAL_MODE = env.choice("PORTAL_MODE", "local", ("local", "production"))
SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = env.secret_keys("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.redis_url("REDIS_URL")
REDIS_PREFIX = env.str("REDIS_PREFIX", "portal")
PORTAL_VAR = env.folder("PORTAL_VAR", BASE_DIR / "var", base=BASE_DIR)
MEDIA_ROOT = env.folder("MEDIA_ROOT", PORTAL_VAR / "media", base=BASE_DIR)
JOBS_EAGER = env.bool("JOBS_EAGER", PORTAL_MODE == "local")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", PORTAL_MODE == "production")
API_RATE = env.rate("API_RATE", "600/min")
NUM_PROXIES = env.int("NUM_PROXIES", int(PORTAL_MODE == "production"))
LOG_LEVEL = env.choice(
    "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
)
# Seconds for each SQL statement of a web request; 0: no limit.
DATABASE_STATEMENT_TIMEOUT = env.int("DATABASE_STATEMENT_TIMEOUT", 20)
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", PORTAL_MODE == "production")
EMAIL_URL = env.str("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "portal@localhost")
# Where the end of the audit log is exported each night; off if both are empty.
AUDIT_HEAD_DIRECTORY = env.optional_folder("AUDIT_HEAD_DIRECTORY", base=BASE_DIR)
AUDIT_HEAD_RECIPIENTS = env.list("AUDIT_HEAD_RECIPIENTS", default=[])
CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", "")
# Two-person approval: users cannot approve records they edited. Off for an office of
# one person.
TWO_PERSON_APPROVAL = env.bool("FOUR_EYES", PORTAL_MODE == "production")
# Shown on the contact page and in the footer; empty values are not shown.
CONTACT_ADDRESS = env.str("CONTACT_ADDRESS", "")
CONTACT_PHONE = env.str("CONTACT_PHONE", "")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")
ICP_NUMBER = env.str("ICP_NUMBER", "")
POLICE_NUMBER = env.str("POLICE_NUMBER", "")
SITE_CODE = env.str("SITE_CODE", "")

IS_PRODUCTION = PORTAL_MODE == "production"
if IS_PRODUCTION:
    required = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")
    missing = ", ".join(name for name in required if not globals()[name])
    if missing:
        message = f"PORTAL_MODE=production needs {missing} in the environment."
        raise ImproperlyConfigured(message)
    check_secret_key(SECRET_KEY)
    check_allowed_hosts(ALLOWED_HOSTS)
else:
    SECRET_KEY = SECRET_KEY or "local-only-never-used-in-production"
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]

DEBUG = False

# ----------------------------------------------------------------------- apps

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "portal.core.translations",
    "portal.core.audit",
    "portal.core.accounts",
    "portal.core.jobs",
    "portal.core.files",
    "portal.content.catalogue",
    "portal.content.changes",
    "portal.content.publishing",
    "portal.content.spreadsheets",
    "portal.reference.people",
    "portal.content.figures",
    "portal.reference.directory",
    "portal.website",
    "portal.conference",
    "seminars",
    "delegations",
    "exchanges",
    "modeltranslation",
    "portal.staff.apps.StaffConfig",
    "portal.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_api_key",
    "allauth",
    "portal.core.accounts.apps.AllauthAccountConfig",
    "allauth.mfa",
    "allauth.usersessions",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]

# URL names and labels of the main navigation, in order (docs/decisions/0015).
NAVIGATION_SECTIONS = (
    ("conference:edition-list", _("Conference")),
    ("conference:document-list", _("Documents")),
    ("conference:article-list", _("News")),
    ("seminars:list", _("Seminars")),
    ("delegations:visit-list", _("Delegations")),
    ("exchanges:exchange-list", _("Border liaison")),
    ("directory:country-list", _("Countries")),
    ("calendar", _("Calendar")),
    ("figures", _("Statistics")),
)

# Session, authentication and messages run for staff paths only, so that public
# responses can be cached (docs/architecture.md, "Caches").
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.core.http.middleware.CrossOriginMiddleware",
    "portal.core.http.middleware.PublicCacheMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.website.middleware.LanguageMiddleware",
    "portal.core.http.middleware.StaffSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.core.http.middleware.StaffCsrfMiddleware",
    "portal.core.http.middleware.StaffAuthenticationMiddleware",
    "portal.core.http.middleware.StaffLanguageMiddleware",
    "portal.core.http.middleware.StaffMessageMiddleware",
    "portal.core.http.middleware.StaffAllauthMiddleware",
    "portal.core.http.middleware.StaffLoginRequiredMiddleware",
    "portal.core.http.middleware.SecondFactorRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.website.context_processors.page_context",
                "portal.core.accounts.context_processors.staff_context",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------- database

# Without IMMEDIATE and WAL two concurrent writers fail with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
        "PRAGMA cache_size=-20000;PRAGMA mmap_size=134217728;"
    ),
}
POSTGRESQL_OPTIONS = {
    "connect_timeout": 3,
    # Detects within about 20 seconds a host that vanished without closing connections.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
DATABASES = {
    "default": env.db_url_config(
        DATABASE_URL or f"sqlite:///{PORTAL_VAR / 'db.sqlite3'}"
    )
}
for database in DATABASES.values():
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = SQLITE_OPTIONS
    else:
        database["ENGINE"] = "portal.core.postgresql"
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
        # Options in the query string of DATABASE_URL take precedence.
        database["OPTIONS"] = POSTGRESQL_OPTIONS | database.get("OPTIONS", {})

# ------------------------------------------------------------- cache and jobs

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "portal.core.http.redis_cache.FaultTolerantRedisCache",
            "LOCATION": REDIS_URL,
            # Differs from the broker's prefix, so that clearing the cache keeps its
            # queues.
            "KEY_PREFIX": f"{REDIS_PREFIX}:cache",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:",
    # A request that sends a task must not wait for a broker that is down or hangs.
    "socket_connect_timeout": 2,
    "socket_timeout": 3,
    "max_retries": 0,
}
CELERY_TASK_DEFAULT_QUEUE = REDIS_PREFIX

# ------------------------------------------------------------------ languages

LANGUAGE_CODE = "en"
LANGUAGES = [(language.code, language.name) for language in PORTAL_LANGUAGES]
# Django has no entry for Lao and Filipino and rejects languages without one.
for language in PORTAL_LANGUAGES:
    info = {
        "code": language.code,
        "name": language.name,
        "name_local": language.native_name,
    }
    LANG_INFO.setdefault(language.code, {"bidi": False, **info})
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.core.translations.formats"
TIME_ZONE = "Asia/Shanghai"

MODELTRANSLATION_LANGUAGES = tuple(code for code, _ in LANGUAGES)
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
# Fallback texts are shown only through the app translations, which marks their
# language.
MODELTRANSLATION_ENABLE_FALLBACKS = False
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = build_field_label

# ----------------------------------------------------------------------- REST

REST_FRAMEWORK = {
    **REST_FRAMEWORK_DEFAULTS,
    "DEFAULT_THROTTLE_RATES": {"public-api": API_RATE},
    "NUM_PROXIES": NUM_PROXIES,
}
SPECTACULAR_SETTINGS = OPENAPI_SETTINGS

# ------------------------------------------------------------------- security

AUTH_USER_MODEL = "accounts.User"
# Authentication back ends, URLs, password rules and allauth's settings.
globals().update(AUTHENTICATION_SETTINGS)
# Passkeys over http are acceptable in local mode only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
CSRF_FAILURE_VIEW = "portal.website.views.errors.csrf_failure"
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # A subclass of CsrfViewMiddleware protects staff paths; the check does not find it.
    "security.W003",
    # Old keys may be short, but are still needed to decrypt data.
    "security.W025",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# ----------------------------------------------------------------------- mail

# Without a mail server no mail is sent: staff pass on one-time links in person.
if EMAIL_URL:
    globals().update(env.email_url_config(EMAIL_URL))
    # Seconds that a mail server may take; a hanging one must not block a worker.
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# ------------------------------------------------------------ static and media

# The form of a seminar has fields for twenty sessions in twelve languages.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# File types that may be uploaded (detected from the bytes) and their maximum size in
# MiB.
UPLOAD_MAX_MIB = {"pdf": 50, "docx": 20, "xlsx": 20, "pptx": 50, "mp4": 200}
UPLOAD_MAX_MIB |= {"jpeg": 20, "png": 20, "webp": 20}
# Pictures with more pixels are rejected; pictures with a longer side (in pixels) are
# scaled down.
PICTURE_MAX_PIXELS, PICTURE_MAX_SIDE = 50_000_000, 2560
STATIC_URL = "/static/"
# Source maps are fetched by debuggers only, so they need no compressed copy.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
STATIC_ROOT = PORTAL_VAR / "static"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "portal.core.http.static_files_storage.JoinedStylesheetsStorage"
    },
}
if not IS_PRODUCTION:
    STORAGES["staticfiles"]["BACKEND"] = (
        "portal.core.http.static_files_storage.OptionalManifestStaticFilesStorage"
    )
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # SQLite does not create folders
    WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").is_file()

# -------------------------------------------------------------------- logging

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "filters": {
        "unavailability": {"()": "portal.core.database.UnavailabilityFilter"},
        "secrets": {"()": "portal.core.accounts.one_time_links.SecretFilter"},
    },
    "loggers": {
        "django.request": {"filters": ["unavailability", "secrets"]},
        "django.security.csrf": {"filters": ["secrets"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
