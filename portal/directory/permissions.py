"""Who may do what with countries, organs and the names that records use."""

RIGHTS = {
    "editor": {
        "country": "add change delete view",
        "organ": "add change delete view",
        "place": "add change delete view",
        "topic": "add change delete view",
        "namedparty": "add change delete view",
    },
    "translator": {
        "country": "view translate",
        "organ": "view translate",
        "place": "view",
        "topic": "view",
        "namedparty": "view",
    },
    "reviewer": {
        "country": "view review",
        "organ": "view review",
        "place": "view",
        "topic": "view",
        "namedparty": "view",
    },
    "registrar": {
        "country": "view",
        "organ": "view",
        "place": "view",
        "topic": "view",
        "namedparty": "view",
    },
    "liaison": {
        "country": "view",
        "organ": "view",
        "place": "add change view",
        "topic": "view",
        "namedparty": "add view",
    },
    "administrator": {
        "organ": "view",
    },
}
