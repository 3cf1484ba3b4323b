"""Registry of handlers that erase personal data in other apps.

Each app knows which of its rows have personal data in addition to the person's name.
"""

from collections.abc import Callable

_erasure_handlers: list[Callable] = []


def register_erasure_handler(handler: Callable) -> None:
    """Register a handler to be called when a person is erased.

    ``handler(person, *, by, at, reason)`` runs in the transaction of the erasure. It
    must clear the personal data in its app's rows about the person and write audit
    entries for that.
    """
    if handler not in _erasure_handlers:
        _erasure_handlers.append(handler)


def get_erasure_handlers() -> list[Callable]:
    """Return all erasure handlers in the order of registration."""
    return list(_erasure_handlers)
