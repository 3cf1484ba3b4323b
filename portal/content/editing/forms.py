"""Base form of records, which detects edits by colleagues since the form was opened."""

from collections.abc import Sequence
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.content.editing.date_precision import (
    check_precision,
    mark_precision_field,
)
from portal.content.editing.link_roles import (
    LINK_ORDER,
    LinkOrderField,
    load_link_order,
    parse_link_order,
)
from portal.content.form_fields.local_time import (
    LocalDateTimeField,
    get_record_time_zone,
    get_zone_name,
)
from portal.content.publishing.year_validator import check_scheduled_day
from portal.content.review.conflicts.conflict_report import ConflictDescription
from portal.content.spreadsheets.constraint_validation import find_constraint_errors


class RecordForm(forms.ModelForm):
    """Base form of records in the staff admin.

    The hidden field ``seen`` contains the signed values with which the form was opened.
    If a colleague has saved the record since, the admin sets ``merge_result`` to the
    three-way merge of both versions: the form is then rejected once and accepted when
    submitted again. ``publish_at`` is entered in the time zone of the record's first
    place. ``role_relations`` are the names of the relations that the table of roles
    shows; a hidden field has the order of their links, if the user may change them.
    """

    merge_result = None
    role_relations: ClassVar[Sequence[str]] = ()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # Submitted unchanged, so it must not count as a changed field.
            self.initial["seen"] = self.data.get(self.add_prefix("seen"))
        for date, precision in self.instance.date_precisions.items():
            mark_precision_field(self, date, precision)
        self.time_zone = get_record_time_zone(self.instance)
        if "publish_at" in self.fields:
            self._localize_publish_at()
        self._add_link_order()

    def _add_link_order(self) -> None:
        names = [name for name in self.role_relations if name in self.fields]
        # Submitted without the field: the links keep their stored order.
        is_submitted = not self.is_bound or self.add_prefix(LINK_ORDER) in self.data
        if names and is_submitted:
            self.fields[LINK_ORDER] = LinkOrderField()
            self.initial[LINK_ORDER] = load_link_order(self.instance, names)

    def get_new_link_order(self) -> dict[str, list[str]]:
        """Return the submitted order of links, as texts of primary keys by relation.

        Empty if the order is as it was.
        """
        if LINK_ORDER not in self.changed_data:
            return {}
        order = parse_link_order(self.cleaned_data[LINK_ORDER])
        return {name: pks for name, pks in order.items() if name in self.fields}

    @property
    def conflicts(self) -> list[ConflictDescription]:
        """Return the fields and rows that a colleague changed since the form was
        opened."""
        return self.merge_result.conflicts if self.merge_result else []

    def _localize_publish_at(self) -> None:
        field = self.fields["publish_at"]
        zone = get_zone_name(self.time_zone)
        time_zone_note = _("Time zone: %(zone)s.") % {"zone": zone}
        self.fields["publish_at"] = LocalDateTimeField(
            check=check_scheduled_day,
            label=field.label,
            help_text=f"{field.help_text} {time_zone_note}",
            required=False,
            widget=field.widget,
        )
        at = self.instance.publish_at
        self.initial["publish_at"] = (
            timezone.make_naive(at, self.time_zone) if at else None
        )

    def clean_publish_at(self):
        local_time = self.cleaned_data["publish_at"]
        return local_time.replace(tzinfo=self.time_zone) if local_time else None

    def clean(self):
        cleaned_data = super().clean()
        for date, precision in self.instance.date_precisions.items():
            check_precision(self, date, precision)
        if self.merge_result:
            raise ValidationError(
                _(
                    "%(who)s changed this record after you opened it. Your "
                    "changes have not been saved. Compare both versions, "
                    "correct the form and save again."
                ),
                params={"who": self.merge_result.changed_by},
            )
        return cleaned_data

    def validate_unique(self):
        """Also check constraints on fields that the user may not change.

        Django leaves these out. A translator who empties a title would then get an
        error of the database.
        """
        super().validate_unique()
        if not self.errors:
            for error in find_constraint_errors(self.instance):
                self.add_error(None, error)
