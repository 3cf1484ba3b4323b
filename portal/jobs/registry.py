"""The jobs that exist, by name. Apps register theirs in their ``tasks`` module."""

from collections.abc import Callable

_jobs: dict[str, Callable] = {}


class UnknownJob(LookupError):
    """The outbox names a job that no app has registered."""


def job(name: str):
    """Register the decorated function as the job ``name``.

    It is called with the payload as keyword arguments, may be called more than once
    for the same row, and must tolerate that the records it names have vanished. A long
    job does a part of its work and returns the payload to be called with next; None: it
    is finished. Each part is a transaction, which also stores the next payload.
    """

    def register(function: Callable) -> Callable:
        _jobs[name] = function
        return function

    return register


def job_named(name: str) -> Callable:
    """The function registered as ``name``; raises :class:`UnknownJob`."""
    try:
        return _jobs[name]
    except KeyError:
        raise UnknownJob(name) from None
