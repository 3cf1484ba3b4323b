"""Order of the rows of an inline, which a number in each row stores."""

from django.forms.models import BaseModelFormSet

# Field of a child row with its number.
_POSITION = "position"
# Largest number that the field can store.
_MAX_POSITION = 32767


def number_new_rows(formset: BaseModelFormSet) -> None:
    """Number the new rows of a valid formset for which no number was entered.

    They follow the rows with a number, in the order of the form. Without any number
    all rows stay as they are: rows with the same number are in the order of entry.
    """
    kept = [form for form in formset.forms if form not in formset.deleted_forms]
    if _POSITION not in formset.empty_form.fields:
        return
    last = max((form.instance.position for form in kept), default=0)
    for form in formset.extra_forms:
        is_new_row = form in kept and form.has_changed()
        if last and is_new_row and _POSITION not in form.changed_data:
            last = min(last + 1, _MAX_POSITION)
            form.instance.position = last
