"""What a reviewer reads of a change, and who may read it."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.catalogue.registry import kinds
from portal.history.comparing import FieldChange, RowChange, differences
from portal.history.snapshots import Snapshot
from portal.history.telling import ToldChange, field_label, is_personal_to
from portal.languages import BY_CODE
from portal.publishing.models import Proposal


@dataclass(frozen=True)
class ToldRow:
    """A row that is changed, added or taken away; ``heading`` says which."""

    heading: str
    changes: list[ToldChange]


def told_differences(proposal: Proposal, *, reader) -> list[ToldRow]:
    """What ``proposal`` changes, field by field and language by language, as ``reader``
    (a user) may know it."""
    model = proposal.content_type.model_class()
    base = Snapshot.from_json(proposal.base)
    wanted = Snapshot.from_json(proposal.wanted)
    found = differences(model, base, wanted, proposal.object_id)
    return [_told(one, reader) for one in found]


def _told(change: RowChange, reader) -> ToldRow:
    changes = [_told_field(change.model, one, reader) for one in change.changes]
    return ToldRow(_heading(change), changes)


def _told_field(model: type[models.Model], one: FieldChange, reader) -> ToldChange:
    label = field_label(model._meta.label_lower, one.field, one.language)
    if is_personal_to(model, one.field, reader):
        return ToldChange(label, _("(personal data)"), _("(personal data)"))
    tag = BY_CODE[one.language].tag if one.language in BY_CODE else ""
    return ToldChange(label, one.old, one.new, tag)


def _heading(change: RowChange) -> str:
    what = {"what": change.model._meta.verbose_name}
    if change.is_new:
        return capfirst(_("%(what)s, new") % what)
    if change.is_gone:
        return capfirst(_("%(what)s, taken away") % what)
    return capfirst(str(what["what"]))


def may(user, action: str, model: type[models.Model]) -> bool:
    """Whether ``user`` may do ``action`` (change, review …) to rows of ``model``."""
    opts = model._meta
    return user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}")


def visible_kinds(user) -> list[ContentType]:
    """The kinds of record of which ``user`` may see the records at the desk."""
    models_seen = [
        kind.model
        for kind in kinds()
        if any(may(user, action, kind.model) for action in ("view", "change", "review"))
    ]
    return list(ContentType.objects.get_for_models(*models_seen).values())
