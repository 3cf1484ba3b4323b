"""Permissions of each role on the log of public changes."""

ROLE_PERMISSIONS = {
    "administrator": {
        "change": "view",
    },
}
