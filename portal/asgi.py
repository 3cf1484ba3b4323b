"""ASGI entry point; production unless the environment says otherwise.

The portal is served by WSGI (docs/architecture.md); this exists for tools that ask.
"""

import os

from django.core.asgi import get_asgi_application

from portal.database import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# An empty variable counts as not set; the settings would take it for local.
os.environ["PORTAL_MODE"] = os.environ.get("PORTAL_MODE", "").strip() or "production"
application = get_asgi_application()
limit_statements()
