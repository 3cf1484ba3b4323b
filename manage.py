#!/usr/bin/env python
"""Django's command-line utility, in local mode unless PORTAL_MODE is set."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # An empty variable counts as not set: portal.celery would use production mode.
    os.environ["PORTAL_MODE"] = os.environ.get("PORTAL_MODE", "").strip() or "local"
    execute_from_command_line(sys.argv)
