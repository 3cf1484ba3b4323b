"""Sections of the form of a record: their order, fields and inlines."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Section(TextChoices):
    """Sections of the form of a record, in their order on the page.

    The value is part of the address of the section on the page.
    """

    WHAT_AND_WHEN = "what", _("What and when")
    PEOPLE_AND_PLACES = "people", _("People and places")
    TEXTS = "texts", _("Texts")
    PROGRAMME = "programme", _("Programme")
    FILES_AND_SOURCES = "files", _("Files and sources")
    FROM_SOURCES = "recorded", _("From sources")
    PUBLISHING = "publishing", _("Publishing")


# Fields of each section, translated fields by their original name.
Sections = Mapping[Section, tuple[str, ...]]

# Fields that every record has. They follow the fields that its admin declares.
COMMON_FIELDS: Sections = {
    Section.TEXTS: ("remark",),
    Section.FILES_AND_SOURCES: ("work_note",),
    Section.FROM_SOURCES: ("confidence",),
    Section.PUBLISHING: (
        "publish_at",
        "status",
        "revision",
        "published_at",
        "withdrawn_at",
        "updated_by",
        "seen",
    ),
}
# Section that has only fields that few records need.
_CLOSED = Section.FROM_SOURCES


@dataclass
class FormSection:
    """One section of a form as it is rendered.

    ``fieldset`` and ``inline_admin_formsets`` are what Django's admin passes to its
    templates. ``fieldset`` is None if the section has only inlines.
    """

    section: Section
    fieldset: object | None = None
    inline_admin_formsets: list = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"section-{self.section.value}"


def get_section_fields(declared: Sections, section: Section) -> tuple[str, ...]:
    """Return the declared and the common fields of ``section``, in this order."""
    return (*declared.get(section, ()), *COMMON_FIELDS.get(section, ()))


def build_fieldsets(
    names_by_section: Mapping[Section, Iterable[str]], shown: Collection[str]
) -> list[tuple]:
    """Return fieldsets of Django's admin with the fields in ``shown``.

    A shown field that is in no section is added to the first one: it must not vanish
    from the form. Sections without fields are left out.
    """
    fieldsets = []
    assigned = {name for names in names_by_section.values() for name in names}
    remaining = [name for name in shown if name not in assigned]
    for section in Section:
        names = names_by_section.get(section, ())
        fields = [name for name in names if name in shown]
        if section == Section.WHAT_AND_WHEN:
            fields += remaining
        if fields:
            classes = ["collapse"] if section == _CLOSED else []
            options = {"fields": fields, "classes": classes}
            fieldsets.append((section.label, options))
    return fieldsets


def build_form_sections(adminform, inline_admin_formsets) -> list[FormSection]:
    """Return the sections of a rendered form with their fieldsets and inlines.

    The arguments are those of Django's template of a form. A closed section is rendered
    open if the form has errors that belong to no field: they may be about one of its
    fields.
    """
    if adminform.form.non_field_errors():
        adminform.fieldsets = [
            (heading, {**options, "classes": []})
            for heading, options in adminform.fieldsets
        ]
    form_sections = {section: FormSection(section) for section in Section}
    by_heading = {str(section.label): section for section in Section}
    for fieldset in adminform:
        form_sections[by_heading[str(fieldset.name)]].fieldset = fieldset
    for inline_admin_formset in inline_admin_formsets:
        section = inline_admin_formset.opts.section
        form_sections[section].inline_admin_formsets.append(inline_admin_formset)
    return [
        form_section
        for form_section in form_sections.values()
        if form_section.fieldset or form_section.inline_admin_formsets
    ]
