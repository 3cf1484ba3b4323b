"""Who may do what with accounts, and with agencies and their keys."""

RIGHTS = {
    "administrator": {
        "user": "add change view",
        "signin": "view",
        "agency": "add change delete view",
        "agencykey": "add change view",
    },
}
