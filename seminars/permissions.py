"""Permissions of each role on seminars, participants and training records."""

ROLE_PERMISSIONS = {
    "editor": {
        "seminar": "add change delete view",
    },
    "translator": {
        "seminar": "view translate",
    },
    "reviewer": {
        "seminar": "view review",
    },
    "registrar": {
        "seminar": "view",
        "participant": "add change delete view",
        "trainingrecord": "add change delete view",
        "certificate": "add change delete view",
    },
}
