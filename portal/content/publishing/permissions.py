"""Permissions of the staff roles on proposals, redirects, headings and reports."""

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
        "headingmapping": "change delete view",
        "redirect": "add change delete view",
        "evidenceonlyhost": "add change delete view",
        "errorreport": "change delete view",
    },
}
