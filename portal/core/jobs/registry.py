"""Registry of job functions by name; apps register theirs in their ``tasks`` module."""

from collections.abc import Callable

_jobs: dict[str, Callable] = {}


class UnknownJobError(LookupError):
    """No app has registered a job of this name."""


def register_job(name: str):
    """Return a decorator that registers a function as the job ``name``.

    The function is called with the payload as keyword arguments. It may be called more
    than once for the same job, and records named in the payload may have been deleted.
    A long job does a part of its work and returns the payload for the next call, or
    None when it is finished. Each call runs in a transaction, which also stores the
    next payload.
    """

    def register(function: Callable) -> Callable:
        _jobs[name] = function
        return function

    return register


def get_job(name: str) -> Callable:
    """Return the function registered as ``name``; raises UnknownJobError if none is."""
    try:
        return _jobs[name]
    except KeyError:
        raise UnknownJobError(name) from None
