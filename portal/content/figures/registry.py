"""Registry of the statistical indicators; apps register theirs in ``figures.py``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.content.catalogue.registry import get_kind
from portal.content.figures.choices import Measure


@dataclass(frozen=True)
class Indicator:
    """An indicator that counts catalogue entries of one kind with fixed filters.

    ``filters`` are list filters (``{"scope": "prosecutors"}``). ``definition`` explains
    in sentences what is counted, what is left out and why. ``measure`` is what is added
    up. ``reported_subjects`` are the subjects of the reported figures of which the home
    page shows one next to the counted one, in order of preference.
    """

    code: str
    label: str
    definition: str
    kind: str
    filters: Mapping[str, str] = field(default_factory=dict)
    measure: Measure = Measure.RECORDS
    reported_subjects: tuple[str, ...] = ()

    @property
    def list_filters(self) -> dict[str, str]:
        """The list filters of the indicator, with ``done`` if the kind supports it.

        ``done`` leaves out events that have not taken place.
        """
        has_done_filter = "done" in get_kind(self.kind).filters
        return (
            {**self.filters, "done": "yes"} if has_done_filter else dict(self.filters)
        )

    @property
    def kind_labels(self) -> dict[str, str]:
        """Labels of the subtypes of the indicator's records, by code; empty if none."""
        kind = get_kind(self.kind)
        choices = kind.choices.get("kind") if "kind" in kind.filters else None
        return {code: str(label) for code, label in choices.choices} if choices else {}


_indicators: dict[str, Indicator] = {}


def register_indicator(indicator: Indicator) -> None:
    """Register an indicator. Raise ValueError if another one uses the same code."""
    if _indicators.setdefault(indicator.code, indicator) is not indicator:
        message = (
            f"An indicator with the code {indicator.code!r} is already registered."
        )
        raise ValueError(message)


def all_indicators() -> list[Indicator]:
    """Return all registered indicators, in the order of INSTALLED_APPS."""
    return list(_indicators.values())
