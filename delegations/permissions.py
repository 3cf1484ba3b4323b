"""Who may do what with visits, and with the members of delegations."""

RIGHTS = {
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
