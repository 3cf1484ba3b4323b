"""Every form of a record: its fields and inlines are in sections."""

import re
from collections import Counter

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.urls import reverse
from modeltranslation.translator import translator

from portal.content.editing.admin import RecordAdmin
from portal.content.editing.sections import Section, get_section_fields
from tests.factories import publishing as states
from tests.failures import collect_failures

RECORD_ADMINS = [
    model_admin
    for model_admin in admin.site._registry.values()
    if isinstance(model_admin, RecordAdmin)
]


def _fields_to_show(model_admin) -> set[str]:
    """Return the names of the fields of a form, translated ones by their own name."""
    options = model_admin.opts
    editable = {
        field.name
        for field in (*options.fields, *options.many_to_many)
        if field.editable and not field.auto_created
    }
    translated = translator.get_options_for_model(model_admin.model).all_fields
    columns = {field.name for fields in translated.values() for field in fields}
    declared = set(model_admin.form.declared_fields)
    read_only = {"status", "revision", "published_at", "withdrawn_at", "updated_by"}
    return {*editable - columns, *declared, *read_only, *model_admin.readonly_fields}


def _declared(model_admin) -> list[str]:
    return [
        name
        for section in Section
        for name in get_section_fields(model_admin.sections, section)
    ]


def test_each_field_is_in_one_section():
    """A new field must be put into a section of the form."""
    with collect_failures() as failures:
        for model_admin in RECORD_ADMINS:
            with failures.case(model_admin):
                shown, declared = _fields_to_show(model_admin), _declared(model_admin)
                assert shown - set(declared) == set()
                assert set(declared) - shown == set()
                assert [n for n, count in Counter(declared).items() if count > 1] == []
                assert all(inline.section in Section for inline in model_admin.inlines)


def test_each_field_of_a_row_is_in_its_form():
    """Inlines that arrange their fields leave none out."""
    with collect_failures() as failures:
        for inline in {row for each in RECORD_ADMINS for row in each.inlines}:
            if not inline.fields:
                continue
            with failures.case(inline.__name__):
                names = {
                    field.name
                    for field in inline.model._meta.fields
                    if field.editable
                    and not field.auto_created
                    and not hasattr(field, "translated_field")
                    and field.name not in ("content_type", "object_id")
                    and not (field.is_relation and _is_parent(field, inline.model))
                }
                assert names == set(flatten(inline.fields))


def _is_parent(field, model) -> bool:
    parents = [a.model for a in RECORD_ADMINS if model in [i.model for i in a.inlines]]
    return field.related_model in parents and not field.null


def test_closed_section_has_no_required_field():
    with collect_failures() as failures:
        for model_admin in RECORD_ADMINS:
            with failures.case(model_admin):
                names = get_section_fields(model_admin.sections, Section.FROM_SOURCES)
                fields = [model_admin.opts.get_field(name) for name in names]
                assert [field.name for field in fields if not field.blank] == []
                wording = {n for n in _declared(model_admin) if n.endswith("_recorded")}
                assert wording <= set(names)


@pytest.mark.django_db
def test_list_of_sections_leads_to_each_section(client):
    client.force_login(states.staff("sample.chief", is_superuser=True))
    with collect_failures() as failures:
        for model_admin in RECORD_ADMINS:
            options = model_admin.opts
            address = f"admin:{options.app_label}_{options.model_name}_add"
            with failures.isolated_case(options.label):
                response = client.get(reverse(address))
                _check_page(response)


def _check_page(response) -> None:
    anchors = re.findall(r'<section class="form-section" id="([^"]+)"', response.text)
    links = re.findall(r'<a href="#(section-[^"]+)"', response.text)
    known = [f"section-{section.value}" for section in Section]
    assert anchors == links == [anchor for anchor in known if anchor in anchors]
    assert (anchors[0], anchors[-1]) == ("section-what", "section-publishing")
    rules = [rule.name for rule in response.context["opts"].constraints]
    is_required = any(name.endswith("_written") for name in rules)
    note = "Simplified Chinese or English is required."
    assert response.text.count(note) == (2 if is_required else 0)
    for inline in response.context["inline_admin_formsets"]:
        assert response.text.count(f'id="{inline.formset.prefix}-group"') == 1
