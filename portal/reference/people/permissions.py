"""Permissions on people: only registrars, who maintain the training records."""

ROLE_PERMISSIONS = {
    "registrar": {
        "person": "add change delete view erase",
    },
}
