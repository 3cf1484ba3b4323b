"""Who may do what with changes that wait, and with what serves all records."""

RIGHTS = {
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
