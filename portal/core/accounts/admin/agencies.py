"""Admin of partner agencies and their API keys."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from rest_framework_api_key.admin import APIKey

from portal.core.accounts import operations
from portal.core.accounts.forms import AgencyKeyForm
from portal.core.accounts.models import Agency, AgencyKey
from portal.core.accounts.reauthentication import ReauthenticationRequiredMixin
from portal.core.audit.admin import AuditedAdmin

# The package registers keys without an owner; AgencyKey replaces them.
admin.site.unregister(APIKey)


@admin.register(Agency)
class AgencyAdmin(ReauthenticationRequiredMixin, AuditedAdmin):
    list_display = ("organ", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("organ",)
    search_fields = ("organ__name_keys__named", "organ__key")
    autocomplete_fields = ("organ",)


@admin.register(AgencyKey)
class AgencyKeyAdmin(ReauthenticationRequiredMixin, AuditedAdmin):
    """Admin of API keys: keys can be created and revoked, not changed or deleted."""

    form = AgencyKeyForm
    list_display = (
        "prefix",
        "agency",
        "name",
        "scope",
        "expiry_date",
        "revoked",
        "last_used_at",
    )
    list_filter = ("revoked", "scope")
    list_select_related = ("agency__organ",)
    search_fields = (
        "prefix",
        "name",
        "agency__organ__key",
        "agency__organ__name_keys__named",
    )
    fields = ("agency", "name", "scope", "access_description", "expiry_date")
    readonly_fields = ("access_description",)
    autocomplete_fields = ("agency",)
    actions = ("revoke",)
    repeat_message = gettext_lazy(
        "This form was sent twice. The key was created once and "
        "shown only once. If you did not copy it, revoke it and "
        "create another key."
    )

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields
        return ("prefix", *self.fields, "revoked", "last_used_at")

    @admin.display(description=gettext_lazy("Access at present"))
    def access_description(self, key):
        return gettext(
            "The public API (/api/v1/), with the same data that anyone "
            "can read without a key. At present no key gives more "
            "access, whatever its scope."
        )

    def has_change_permission(self, request, obj=None):
        """Allow the action that revokes keys in the list, but no edits in the form."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.plain_key = operations.create_agency_key(
            obj, by=request.user, at=timezone.now()
        )

    def write_audit_entries(self, request, obj, before):
        """Do nothing: the operations write the audit entries, about the agency."""

    def history_view(self, request, object_id, extra_context=None):
        key = self.get_object(request, unquote(object_id))
        if key is None or not self.has_view_permission(request, key):
            return super().history_view(request, object_id, extra_context)
        return redirect("admin:accounts_agency_history", key.agency_id)

    def response_add(self, request, obj, post_url_continue=None):
        """Render a page with the new key.

        The key is part of this response only. It is not stored in a session or cookie.
        """
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("API key created"),
            "opts": self.opts,
            "key": obj,
            "plain_key": obj.plain_key,
            "is_popup": IS_POPUP_VAR in request.POST,
        }
        return TemplateResponse(request, "account/new_key.html", context)

    @admin.action(
        description=gettext_lazy("Revoke selected keys"), permissions=["change"]
    )
    def revoke(self, request, queryset):
        keys = list(queryset.filter(revoked=False))
        for key in keys:
            operations.revoke_agency_key(key, by=request.user, at=timezone.now())
        message = ngettext(
            "%(count)s key was revoked.", "%(count)s keys were revoked.", len(keys)
        )
        self.message_user(request, message % {"count": len(keys)}, messages.SUCCESS)
