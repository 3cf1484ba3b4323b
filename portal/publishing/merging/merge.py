"""Putting together what two people wrote in one form, field by field and row by row.

What only the colleague changed is taken over. What both changed stays as one wrote it
oneself, and both versions are told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms.formsets import (
    DELETION_FIELD_NAME,
    INITIAL_FORM_COUNT,
    TOTAL_FORM_COUNT,
)
from django.http import QueryDict
from django.utils.text import capfirst

from portal.publishing.merging.opened import Said
from portal.publishing.merging.values import (
    compared,
    html_name,
    names_sent,
    put_untouched,
    read,
    said,
)


@dataclass(frozen=True)
class Found:
    """Something that a colleague changed since the form was opened.

    ``row`` is the key of a row of an inline, None for the record itself; ``title`` is
    what the row is called, ``name`` the field, "" for the whole row. ``opened``,
    ``theirs`` and ``yours`` hold fields of ``form``, a date with its precision; None:
    there was no such row, or it is not known. ``is_taken``: the colleague's version
    stands in the form now.
    """

    form: forms.BaseForm
    row: str | None
    title: str
    name: str
    opened: Said | None
    theirs: Said | None
    yours: Said | None
    is_taken: bool


def merge_fields(
    fresh: forms.BaseForm,
    opened: Said | None,
    posted: QueryDict,
    data: QueryDict,
    *,
    title: str = "",
) -> list[Found]:
    """Let ``data`` say what colleague and person wrote together in a form.

    ``fresh`` is the form as the colleague left it, ``opened`` what it said when the
    person opened it (None: that is not known), ``posted`` what the person sent.
    """
    prefix = fresh.prefix or ""
    put_untouched(fresh, data, prefix=prefix)
    yours = {
        name: read(field, posted, html_name(prefix, name))
        for name, field in compared(fresh)
    }
    found = list(_changed(fresh, opened, yours, title=title))
    for name in _kept(fresh, opened, yours):
        _copy_field(fresh, name, posted, prefix, data, prefix)
    return found


def _kept(fresh: forms.BaseForm, opened: Said | None, yours: Said) -> list[str]:
    """The fields in which the person wrote something of their own."""
    if opened is None:
        return []
    theirs = said(fresh)
    return [
        name
        for name, value in yours.items()
        if name in opened and value != opened[name] and value != theirs.get(name)
    ]


def _changed(
    fresh: forms.BaseForm, opened: Said | None, yours: Said, *, row=None, title=""
) -> Iterator[Found]:
    """What the colleague changed; where nobody knows, whatever is different."""
    kept = _kept(fresh, opened, yours)
    all_theirs = said(fresh)
    for name, theirs in all_theirs.items():
        is_known = opened is not None and name in opened
        if theirs == (opened[name] if is_known else yours.get(name)):
            continue
        yield Found(
            fresh,
            row,
            title,
            name,
            _field(fresh, name, opened) if is_known else None,
            _field(fresh, name, all_theirs),
            _field(fresh, name, yours),
            name not in kept,
        )


def _field(form: forms.BaseForm, name: str, values: Said) -> Said:
    """The field ``name`` alone; a date with its precision, by which it is shown."""
    dates = getattr(getattr(form, "instance", None), "date_precisions", {})
    names = [name, dates[name]] if name in dates else [name]
    return {one: values.get(one, "") for one in names}


def _copy_field(fresh, name, posted, was: str, data, now: str) -> None:
    widget = fresh.fields[name].widget
    before = names_sent(widget, html_name(was, name))
    after = names_sent(widget, html_name(now, name))
    for old, new in zip(before, after, strict=True):
        data.pop(new, None)
        if old in posted:
            data.setlist(new, posted.getlist(old))


class RowMerge:
    """The rows of an inline, put together anew: first those that the colleague left,
    then what the person wrote in rows that are gone, then the person's own new rows.

    ``formset`` holds the rows as the colleague left them. A person who may not change
    rows (``sends`` False) has sent nothing of them; who may not add any (``adds``)
    cannot keep one that is gone.
    """

    def __init__(
        self, formset, opened, posted: QueryDict, data: QueryDict, *, sends, adds
    ):
        self.formset, self.opened, self.adds = formset, opened, adds
        self.posted, self.data = posted, data
        self.places: dict[str, int] = {}
        self.new: list[int] = []
        self.found: list[Found] = []
        if sends:
            self._find_posted()
        self.count = 0

    def merge(self) -> list[Found]:
        prefix = self.formset.prefix
        numbered = re.compile(rf"(initial-)?{re.escape(prefix)}-\d+-")
        for key in [key for key in self.data if numbered.match(key)]:
            del self.data[key]
        for fresh in self.formset.initial_forms:
            self._merge_row(fresh, str(fresh.instance.pk))
        self.data[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(self.count)
        there = {str(fresh.instance.pk) for fresh in self.formset.initial_forms}
        known = self.places if self.opened is None else self.opened
        for pk in known:
            if pk not in there:
                self._merge_gone(pk)
        for place in self.new:
            self._copy_row(place)
        self.data[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(self.count)
        return self.found

    def _find_posted(self) -> None:
        prefix, key = self.formset.prefix, self.formset.model._meta.pk.name
        total = self.posted.get(f"{prefix}-{TOTAL_FORM_COUNT}", "")
        count = int(total) if re.fullmatch("[0-9]{1,6}", total) else 0
        for place in range(min(count, self.formset.absolute_max)):
            pk = self.posted.get(f"{prefix}-{place}-{key}", "")
            if pk:
                self.places[pk] = place
            else:
                self.new.append(place)

    def _merge_row(self, fresh: forms.BaseForm, pk: str) -> None:
        """A row that the colleague left."""
        now = self._next()
        put_untouched(fresh, self.data, prefix=now)
        before = (self.opened or {}).get(pk)
        is_new = pk not in self.places if self.opened is None else before is None
        if is_new:
            self._tell(fresh, pk, None, said(fresh), None, is_taken=True)
            return
        yours = self._posted(fresh, pk, before)
        changed = list(_changed(fresh, before, yours, row=pk, title=self._name(fresh)))
        if self.opened is not None and self._is_deleted(pk):
            self.data[html_name(now, DELETION_FIELD_NAME)] = "on"
            if changed:
                self._tell(fresh, pk, before, said(fresh), None, is_taken=False)
            return
        self.found += changed
        for name in _kept(fresh, before, yours):
            was = f"{self.formset.prefix}-{self.places[pk]}"
            _copy_field(fresh, name, self.posted, was, self.data, now)

    def _merge_gone(self, pk: str) -> None:
        """A row that the colleague deleted: it stays only where one wrote in it."""
        empty = self.formset.empty_form
        before = (self.opened or {}).get(pk)
        yours = self._posted(empty, pk, before)
        is_touched = before is not None and any(
            value != before[name] for name, value in yours.items() if name in before
        )
        is_kept = self.adds and is_touched and not self._is_deleted(pk)
        self._tell(empty, pk, before, None, yours, is_taken=not is_kept)
        if is_kept:
            now = self._copy_row(self.places[pk])
            self.data[html_name(now, self.formset.model._meta.pk.name)] = ""

    def _posted(self, form: forms.BaseForm, pk: str, before: Said | None) -> Said:
        """What the person wrote in a row; a row that was not sent was not touched."""
        if pk not in self.places:
            return before or {}
        was = f"{self.formset.prefix}-{self.places[pk]}"
        return {
            name: read(field, self.posted, html_name(was, name))
            for name, field in compared(form)
        }

    def _is_deleted(self, pk: str) -> bool:
        if pk not in self.places or not self.formset.can_delete:
            return False
        was = f"{self.formset.prefix}-{self.places[pk]}"
        return html_name(was, DELETION_FIELD_NAME) in self.posted

    def _copy_row(self, place: int) -> str:
        was, now = f"{self.formset.prefix}-{place}-", f"{self._next()}-"
        for key in self.posted:
            for start in ("", "initial-"):
                if key.startswith(start + was):
                    name = start + now + key.removeprefix(start + was)
                    self.data.setlist(name, self.posted.getlist(key))
        return now.removesuffix("-")

    def _next(self) -> str:
        self.count += 1
        return f"{self.formset.prefix}-{self.count - 1}"

    def _name(self, form: forms.BaseForm) -> str:
        kind = capfirst(str(self.formset.model._meta.verbose_name))
        return f"{kind} · {form.instance}" if form.instance.pk else kind

    def _tell(self, form, pk, opened, theirs, yours, *, is_taken) -> None:
        title = self._name(form)
        one = Found(form, pk, title, "", opened, theirs, yours, is_taken)
        self.found.append(one)
