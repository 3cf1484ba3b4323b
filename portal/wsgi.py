"""WSGI entry point; production unless the environment says otherwise."""

import os

from django.core.wsgi import get_wsgi_application

from portal.database import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# An empty variable counts as not set; the settings would take it for local.
os.environ["PORTAL_MODE"] = os.environ.get("PORTAL_MODE", "").strip() or "production"
application = get_wsgi_application()
limit_statements()

# Models can be imported only now.
from portal.files.checks import log_misplaced_files  # noqa: E402

log_misplaced_files()
