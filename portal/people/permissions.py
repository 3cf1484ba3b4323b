"""Who may do what with people: only whoever keeps the training register."""

RIGHTS = {
    "registrar": {
        "person": "add change delete view erase",
    },
}
