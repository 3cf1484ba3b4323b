"""Permissions on stored files and pictures by staff role and model."""

ROLE_PERMISSIONS = {
    "editor": {
        "storedfile": "add delete view",
        "picture": "add change delete view",
    },
    "translator": {
        "storedfile": "view",
        "picture": "view",
    },
    "reviewer": {
        "storedfile": "view",
        "picture": "view",
    },
    "liaison": {
        "storedfile": "add view",
        "picture": "add view",
    },
}
