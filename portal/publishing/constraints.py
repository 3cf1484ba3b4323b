"""Promises that many records make to the database, each with a clerk's message."""

from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from portal.publishing.choices import Precision


def written_in_chinese_or_english(field: str) -> CheckConstraint:
    """``field`` is written in simplified Chinese or in English, or in both."""
    return CheckConstraint(
        condition=(Q(**{f"{field}_en__isnull": False}) & ~Q(**{f"{field}_en": ""}))
        | (Q(**{f"{field}_zh_hans__isnull": False}) & ~Q(**{f"{field}_zh_hans": ""})),
        name=f"%(app_label)s_%(class)s_{field}_written",
        violation_error_message=_(
            "The title or name is empty. Write it in simplified Chinese or in English."
        ),
    )


def precision_with_date(date: str, precision: str = "date_precision"):
    """A precision stands exactly where a date stands."""
    known = Q(**{f"{precision}__in": Precision.values})
    return CheckConstraint(
        condition=Q(**{f"{date}__isnull": True, precision: ""})
        | (Q(**{f"{date}__isnull": False}) & known),
        name=f"%(app_label)s_%(class)s_{date}_precision",
        violation_error_message=_(
            "A date needs its precision (day, month or year), and a precision its date."
        ),
    )


def ordered_days() -> CheckConstraint:
    """A last day is given only with day precision, and not before the first."""
    return CheckConstraint(
        condition=Q(ends_on__isnull=True)
        | Q(date_precision=Precision.DAY, ends_on__gte=F("starts_on")),
        name="%(app_label)s_%(class)s_ordered_days",
        violation_error_message=_(
            "The last day is before the first, or the dates are not exact to the day. "
            "Correct the last day or leave it empty."
        ),
    )


def number_with_qualifier(number: str, qualifier: str) -> CheckConstraint:
    """A qualifier (exact, about, over) stands exactly where its number stands."""
    return CheckConstraint(
        condition=Q(**{f"{number}__isnull": True, qualifier: ""})
        | (Q(**{f"{number}__isnull": False}) & ~Q(**{qualifier: ""})),
        name=f"%(app_label)s_%(class)s_{number}_qualifier",
        violation_error_message=_(
            "A number needs to be called exact, about or over; without a number leave "
            "it empty."
        ),
    )
