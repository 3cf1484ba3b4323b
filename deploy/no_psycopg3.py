"""Fail if psycopg 3 can be imported: Django would silently take it for psycopg2."""

import importlib.util
import sys

if importlib.util.find_spec("psycopg"):
    sys.exit(
        "psycopg 3 is installed; the portal is for psycopg2: pip uninstall psycopg"
    )
