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
            "The title or name is empty. Write it in simplified Chinese or in English."
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
            "The origin of a text is chosen, but the text is empty. Write the text, or "
            "leave its origin empty."
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
            "A date needs its precision (day, month or year), and a precision its date."
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
            "The last day is before the first, or the dates are not exact to the day. "
            "Correct the last day or leave it empty."
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
            "A number needs to be called exact, about or over; without a number leave "
            "it empty."
        ),
    )
