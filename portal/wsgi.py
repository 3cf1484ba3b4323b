"""WSGI entry point, in production mode unless PORTAL_MODE is set."""

import os

from django.core.wsgi import get_wsgi_application

from portal.core.database import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# An empty variable counts as not set: the settings would use local mode.
os.environ["PORTAL_MODE"] = os.environ.get("PORTAL_MODE", "").strip() or "production"
application = get_wsgi_application()
limit_statements()

# Models can be imported only after Django is set up.
from portal.core.files.checks import log_misplaced_files  # noqa: E402

log_misplaced_files()
