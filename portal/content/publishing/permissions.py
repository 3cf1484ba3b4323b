"""Permissions of the staff roles on proposals, redirects, hosts and error reports."""

ROLE_PERMISSIONS = {
    "editor": {
        "proposal": "view",
    },
    "translator": {
        "proposal": "view",
    },
    "reviewer": {
        "proposal": "view",
    },
    "liaison": {
        "proposal": "view",
    },
    "administrator": {
        "redirect": "add change delete view",
        "evidenceonlyhost": "add change delete view",
        "errorreport": "change delete view",
    },
}
