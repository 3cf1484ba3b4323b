"""Template tags for forms of the staff admin."""

from django import template
from modeltranslation.utils import build_localized_fieldname

from portal.content.editing.link_roles import RoleRelation, build_role_relations
from portal.content.editing.sections import FormSection, build_form_sections
from portal.core.languages import LANGUAGES

register = template.Library()


@register.simple_tag(takes_context=True)
def form_sections(context) -> list[FormSection]:
    """Return the sections of the form of a record with their fields and inlines."""
    return build_form_sections(context["adminform"], context["inline_admin_formsets"])


@register.simple_tag(takes_context=True)
def form_roles(context) -> list[tuple[str, list[RoleRelation]]]:
    """Return label and relations of each role that the user may change in the form of a
    record."""
    adminform = context["adminform"]
    form, model_admin = adminform.form, adminform.model_admin
    # Django makes all fields read-only for users who may only view the record.
    shown = set(form.fields) - set(adminform.readonly_fields)
    rows = [
        (role.label, build_role_relations(role, model_admin.model, shown))
        for role in model_admin.link_roles
    ]
    return [(label, relations) for label, relations in rows if relations]


@register.simple_tag
def form_languages() -> list[dict[str, str]]:
    """Return ``code`` (column suffix), ``tag`` and native name of each language."""
    return [
        {
            "code": build_localized_fieldname("", language.code)[1:],
            "tag": language.tag,
            "name": language.native_name,
        }
        for language in LANGUAGES
    ]


@register.inclusion_tag("admin/publishing/comment.html", takes_context=True)
def comment_box(context, key: str, label: str) -> dict:
    """Show the text field for a reviewer's comment on the field ``key``.

    Empty on pages without comments, and for fields that cannot be commented. The
    context has ``review_comments``, the submitted comments by key, and
    ``previous_comments``, those of the last return.
    """
    if not (key and context.get("is_commentable")):
        return {}
    return {
        "key": key,
        "label": label,
        "text": context["review_comments"].get(key, ""),
        "previous": context.get("previous_comments", {}).get(key, ""),
    }
