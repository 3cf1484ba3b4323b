"""Who may do what with countries, organs and the names that records use.

A name that many records share is changed for all of them at once: editors add names,
administrators change them. While a published record uses the name, the change waits for
a reviewer (``portal.directory.renaming``).
"""

RIGHTS = {
    "editor": {
        "country": "add change delete view",
        "organ": "add change delete view",
        "place": "add delete view",
        "topic": "add delete view",
        "namedparty": "add delete view",
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
        "namechange": "view review",
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
        "place": "add view",
        "topic": "view",
        "namedparty": "add view",
    },
    "administrator": {
        "country": "view",
        "organ": "view",
        "namechange": "view",
        "place": "add change delete view",
        "topic": "add change delete view",
        "namedparty": "add change delete view",
    },
}
