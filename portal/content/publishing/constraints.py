"""Check constraints shared by many record models, each with an error message for
staff."""

from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.choices import Precision


def require_chinese_or_english_text(field: str) -> CheckConstraint:
    """Build the constraint that ``field`` has a text in simplified Chinese or
    English."""
    return CheckConstraint(
        condition=(Q(**{f"{field}_en__isnull": False}) & ~Q(**{f"{field}_en": ""}))
        | (Q(**{f"{field}_zh_hans__isnull": False}) & ~Q(**{f"{field}_zh_hans": ""})),
        name=f"%(app_label)s_%(class)s_{field}_written",
        violation_error_message=_(
            "Enter a title or name in Simplified Chinese or English."
        ),
    )


def require_text_with_basis(text: str, basis: str) -> CheckConstraint:
    """Build the constraint that ``basis`` is set only if the column ``text`` is not
    empty."""
    return CheckConstraint(
        condition=Q(**{basis: ""})
        | (Q(**{f"{text}__isnull": False}) & ~Q(**{text: ""})),
        name=f"%(app_label)s_%(class)s_{basis}",
        violation_error_message=_(
            "You chose the origin of a text that is blank. Enter the "
            "text, or leave its origin blank."
        ),
    )


def require_precision_with_date(date: str, precision: str = "date_precision"):
    """Build the constraint that ``precision`` is set if and only if ``date`` is set."""
    known = Q(**{f"{precision}__in": Precision.values})
    return CheckConstraint(
        condition=Q(**{f"{date}__isnull": True, precision: ""})
        | (Q(**{f"{date}__isnull": False}) & known),
        name=f"%(app_label)s_%(class)s_{date}_precision",
        violation_error_message=_(
            "Choose day, month or year for the date, or leave both blank."
        ),
    )


def require_valid_date_range() -> CheckConstraint:
    """Build the constraint that a last day requires day precision and is not before the
    first day."""
    return CheckConstraint(
        condition=Q(ends_on__isnull=True)
        | Q(date_precision=Precision.DAY, ends_on__gte=F("starts_on")),
        name="%(app_label)s_%(class)s_ordered_days",
        violation_error_message=_(
            "The end date must be the same as or after the start date, "
            "and both must be exact to the day. Correct the end date "
            "or leave it blank."
        ),
    )


def require_number_with_qualifier(number: str, qualifier: str) -> CheckConstraint:
    """Build the constraint that a qualifier (exact, about, over) is set if and only if
    ``number`` is set."""
    return CheckConstraint(
        condition=Q(**{f"{number}__isnull": True, qualifier: ""})
        | (Q(**{f"{number}__isnull": False}) & ~Q(**{qualifier: ""})),
        name=f"%(app_label)s_%(class)s_{number}_qualifier",
        violation_error_message=_(
            "Choose “exact”, “about” or “more than” for the number, or "
            "leave both blank."
        ),
    )
