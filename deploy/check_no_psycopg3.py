"""Fail if psycopg 3 is installed: Django would silently use it instead of psycopg2."""

import importlib.util
import sys

if importlib.util.find_spec("psycopg"):
    sys.exit(
        "psycopg 3 is installed, but the portal needs psycopg2: pip uninstall psycopg"
    )
