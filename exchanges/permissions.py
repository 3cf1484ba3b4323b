"""Permissions of each role on mechanisms, meetings and coordination requests."""

ROLE_PERMISSIONS = {
    "editor": {
        "mechanism": "add change delete view",
        "meeting": "add change delete view",
    },
    "translator": {
        "mechanism": "view translate",
        "meeting": "view translate",
    },
    "reviewer": {
        "mechanism": "view review",
        "meeting": "view review",
    },
    "liaison": {
        "mechanism": "add change delete view",
        "meeting": "add change delete view",
        "coordinationrequest": "add change delete view",
    },
}
