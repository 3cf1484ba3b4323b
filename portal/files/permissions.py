"""Who may do what with files."""

RIGHTS = {
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
