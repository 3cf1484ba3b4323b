"""Environment variables for the settings; malformed values are rejected."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

SECRET_KEY_MIN_LENGTH = 50
SECRET_KEY_MIN_UNIQUE_CHARACTERS = 5
# Prefix of keys that Django's startproject generates; not for production.
INSECURE_PREFIX = "django-insecure-"

_TRUE = {"true", "yes", "on", "y", "ok", "1"}
_FALSE = {"false", "no", "off", "n", "0"}
# Django REST framework uses the first letter of the period.
_RATE = re.compile(r"[1-9][0-9]*/[smhd][a-z]*")
_PORT = re.compile(r":[0-9]*\Z")
_DATABASE_URL = re.compile(r"(postgres|postgresql|psql|pgsql|sqlite)://")
_DATABASE_REMEDY = (
    "write postgresql://user:password@host:5432/name and percent-encode special "
    "characters of the password (/ as %2F, @ as %40, # as %23)"
)
_EMAIL_REMEDY = (
    "write smtp+tls://user:password@mail.example:587 and percent-encode special "
    "characters of the password (/ as %2F, @ as %40, # as %23)"
)


class Environment(environ.Env):
    """Typed access to environment variables; empty or blank ones count as not set.

    A malformed value raises ImproperlyConfigured with one line that names the variable,
    its value and the remedy. Values that contain a password are not repeated.
    """

    def __init__(self, variables: Mapping[str, str]):
        super().__init__()
        self.ENVIRON = {name: text for name, text in variables.items() if text.strip()}

    def get_value(
        self, var, cast=None, default=environ.Env.NOTSET, parse_default=False
    ) -> Any:
        """Return the parsed value of ``var``, or ``default`` unchanged if it is unset.

        Unlike the library's method, a value that begins with "$" is not taken as the
        name of another variable, because secret keys may begin with any character.
        """
        if var not in self:
            if default is self.NOTSET:
                message = f"{var} is not set."
                raise ImproperlyConfigured(message)
            return default
        text = self.ENVIRON[var]
        if cast is bool:
            return _parse_boolean(var, text)
        if cast is int:
            return _parse_integer(var, text)
        if cast is list:
            return _split(text)
        return self.parse_value(text, cast)

    def choice(self, var: str, default: str, choices: Iterable[str]) -> str:
        """Return the element of ``choices`` that ``var`` contains, ignoring case."""
        text = self.str(var, default)
        for choice in choices:
            if choice.casefold() == text.strip().casefold():
                return choice
        *first, last = choices
        raise _build_malformed_value_error(
            var, text, f"set it to {', '.join(first)} or {last}"
        )

    def rate(self, var: str, default: str) -> str:
        """Return a rate limit of Django REST framework, such as 600/min."""
        text = self.str(var, default).strip()
        if not _RATE.fullmatch(text):
            raise _build_malformed_value_error(
                var, text, "set it to a number per s, min, hour or day, as in 600/min"
            )
        return text

    def folder(self, var: str, default: Path, *, base: Path) -> Path:
        """Return the path of a folder; relative paths are resolved against ``base``.

        They are not resolved against the working folder, which differs between
        processes.
        """
        return base / self.str(var, str(default)).strip()

    def optional_folder(self, var: str, *, base: Path) -> Path | None:
        """Return the path of a folder as ``folder`` does, None if ``var`` is unset."""
        return self.folder(var, base, base=base) if var in self else None

    def secret_keys(self, var: str) -> list[str]:
        """Return the keys in ``var``, which are separated by commas.

        The unsplit text and the parts with their surrounding spaces are included too,
        because older keys may contain a comma or spaces.
        """
        text = self.str(var, "")
        parts = text.split(",")
        keys = [*(part.strip() for part in parts), *parts, text]
        return list(dict.fromkeys(key for key in keys if key.strip()))

    def redis_url(self, var: str) -> str:
        """Return the URL of a Redis server, or an empty string if ``var`` is unset."""
        text = self.str(var, "").strip()
        if text and not _is_redis_url(text):
            raise _build_unreadable_value_error(var, "write redis://host:6379/0")
        return text

    @classmethod
    def db_url_config(cls, url, engine=None) -> dict:
        """Return Django's database settings for ``url``."""
        # The library's errors and warnings contain parts of the password.
        if not _DATABASE_URL.match(url):
            raise _build_unreadable_value_error("DATABASE_URL", _DATABASE_REMEDY)
        try:
            config = super().db_url_config(url, engine)
        except ValueError:
            raise _build_unreadable_value_error(
                "DATABASE_URL", _DATABASE_REMEDY
            ) from None
        if not config["NAME"]:
            raise _build_unreadable_value_error("DATABASE_URL", _DATABASE_REMEDY)
        return config

    @classmethod
    def email_url_config(cls, url, backend=None) -> dict:
        """Return Django's mail server settings for ``url``."""
        try:
            return super().email_url_config(url, backend)
        except (ValueError, ImproperlyConfigured):
            raise _build_unreadable_value_error("EMAIL_URL", _EMAIL_REMEDY) from None


def check_secret_key(key: str) -> None:
    """Raise ImproperlyConfigured if a key is too weak for production.

    The criteria are those of Django's check security.W009.
    """
    if len(key) < SECRET_KEY_MIN_LENGTH:
        problem = (
            f"has {len(key)} characters, production needs {SECRET_KEY_MIN_LENGTH} or "
            "more"
        )
    elif len(set(key)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS:
        problem = (
            f"has fewer than {SECRET_KEY_MIN_UNIQUE_CHARACTERS} different characters"
        )
    elif key.startswith(INSECURE_PREFIX):
        problem = f"begins with {INSECURE_PREFIX}"
    else:
        return
    message = (
        f"SECRET_KEY {problem}: set it to a new key, made by python -c 'import "
        "secrets; print(secrets.token_urlsafe(60))'; if the portal used an old "
        "key, add that key to SECRET_KEY_FALLBACKS, restart and run python manage.py "
        "seal_second_factors."
    )
    raise ImproperlyConfigured(message)


def check_allowed_hosts(hosts: Iterable[str]) -> None:
    """Raise ImproperlyConfigured for an unsafe or unusable entry of ALLOWED_HOSTS.

    ``*`` is unsafe: a forged Host header would get into links, also into one-time
    links. ``*.example``, and hosts with a scheme or a port, never match in Django.
    """
    for host in hosts:
        if "*" in host or "/" in host or _PORT.search(host):
            remedy = (
                "name each host, as in portal.example,www.portal.example, without a "
                "port; "
                ".portal.example matches a domain and all its subdomains"
            )
            message = f"ALLOWED_HOSTS contains {host!r}: {remedy}."
            raise ImproperlyConfigured(message)


def _is_redis_url(text: str) -> bool:
    try:
        address = urlsplit(text)
        _ = address.port  # raises ValueError unless it is a number
    except ValueError:
        return False
    return address.scheme in ("redis", "rediss", "unix")


def _parse_boolean(var: str, text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise _build_malformed_value_error(var, text, "set it to true or false")


def _parse_integer(var: str, text: str) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return int(text)
    raise _build_malformed_value_error(
        var, text, "set it to a whole number such as 0 or 1"
    )


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _build_malformed_value_error(
    var: str, text: str, remedy: str
) -> ImproperlyConfigured:
    message = f"{var} is {text!r}; {remedy}, or leave it empty for its default."
    return ImproperlyConfigured(message)


def _build_unreadable_value_error(var: str, remedy: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{var} cannot be read; {remedy}.")
