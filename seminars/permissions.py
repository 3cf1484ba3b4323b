"""Who may do what with seminars, and with those who took part."""

RIGHTS = {
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
