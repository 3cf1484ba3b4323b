"""ASGI entry point, in production mode unless PORTAL_MODE is set.

The portal is served by WSGI (docs/architecture.md); this module exists for tools that
need an ASGI application.
"""

import os

from django.core.asgi import get_asgi_application

from portal.core.database import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# An empty variable counts as not set: the settings would use local mode.
os.environ["PORTAL_MODE"] = os.environ.get("PORTAL_MODE", "").strip() or "production"
application = get_asgi_application()
limit_statements()
