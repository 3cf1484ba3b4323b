"""Permissions of each role on visits and members of delegations."""

ROLE_PERMISSIONS = {
    "editor": {
        "visit": "add change delete view",
    },
    "translator": {
        "visit": "view translate",
    },
    "reviewer": {
        "visit": "view review",
    },
    "registrar": {
        "visit": "view",
        "member": "add change delete view",
    },
}
