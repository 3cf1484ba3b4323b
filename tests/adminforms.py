"""Forms of the admin, filled in as a clerk finds them."""

import re

from django import forms

from portal.accounts.form_tokens import TOKEN_INPUT


def filled(response) -> dict:
    """What a browser would send if the form of ``response`` were saved untouched."""
    found = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        found += [inline.formset.management_form, *inline.formset.forms]
    data = token_of(response)
    for form in found:
        for bound in form:
            data.update(_sent(bound, bound.html_name))
            if bound.field.show_hidden_initial:
                data.update(_sent(bound, bound.html_initial_name))
    return data


def token_of(response) -> dict[str, str]:
    """The hidden input with the one-time token of an add form; {} in other forms."""
    found = re.findall(
        r'<input type="hidden" name="form_token" value="([^"]+)"', response.text
    )
    assert len(found) <= 1
    return {TOKEN_INPUT: found[0]} if found else {}


def token_for(client, address: str) -> dict[str, str]:
    """The one-time token of the add form at ``address``, as ``client`` gets it."""
    return token_of(client.get(address))


def write_button(client, address: str) -> dict[str, str]:
    """What the page of values at ``address`` sends when its rows are to be written."""
    found = re.findall(
        r'<input type="hidden" name="plan_sha256" value="([^"]*)"',
        client.get(address).text,
    )
    assert len(found) <= 1
    return {"_write": "1", "plan_sha256": "".join(found)}


def rows(prefix: str, *values: dict) -> dict:
    """New rows of the inline ``prefix``, behind those that are there (none)."""
    data = {f"{prefix}-TOTAL_FORMS": len(values)}
    for number, row in enumerate(values):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def errors(response) -> list:
    """What the form complains of, for the message of a failing test."""
    if response.context is None:
        return []
    inlines = response.context.get("inline_admin_formsets") or []
    return [response.context["errors"], *(inline.formset.errors for inline in inlines)]


def _sent(bound: forms.BoundField, name: str) -> dict:
    value, widget = bound.value(), bound.field.widget
    inner = getattr(widget, "widget", widget)
    if isinstance(inner, forms.MultiWidget):
        # A form that was refused holds the parts as they were sent.
        parts = value if isinstance(value, list) else _shown(inner, value)
        return {
            f"{name}_{number}": "" if part is None else str(part)
            for number, part in enumerate(parts)
        }
    if isinstance(inner, forms.CheckboxInput):
        return {name: "on"} if value else {}
    if isinstance(inner, (forms.SelectMultiple, forms.CheckboxSelectMultiple)):
        chosen = [getattr(row, "pk", row) for row in value or ()]
        return {name: chosen} if chosen else {}
    return {name: "" if value is None else value}


def _shown(widget: forms.MultiWidget, value) -> list:
    """The parts as they are written in the language of the interface."""
    pairs = zip(widget.widgets, widget.decompress(value), strict=True)
    return [inner.format_value(part) for inner, part in pairs]
