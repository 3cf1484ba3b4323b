"""Protection of admin add forms against being saved twice."""

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse

from portal.core.accounts.form_tokens import (
    PendingSubmission,
    describe_repeat,
    new_token,
)
from portal.core.accounts.models import FormSubmission


class AddFormAdmin(ModelAdmin):
    """Mixin that lets each add form be saved only once.

    List it before the ModelAdmin class. The form contains a one-time token. If a form
    is submitted again, the user is redirected to the object that the first submission
    created. If the token is refused, the form is displayed again with the entered
    values and a new token. A ``repeat_message`` attribute of the admin class replaces
    the default message for repeated submissions.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and "_saveasnew" in request.POST:
            if not self.save_as:
                # Django would add an object on the change page of another object.
                raise PermissionDenied
            object_id = None
        is_saving = object_id is None and request.method == "POST"
        if not (is_saving and self.has_add_permission(request)):
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            request.pending_submission = pending = PendingSubmission(
                request, model=self.model
            )
            if pending.earlier is not None:
                return self._respond_to_repeat(request, pending.earlier)
            response = super().changeform_view(
                request, object_id, form_url, extra_context
            )
            pending.release()
        return response

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        pending = getattr(request, "pending_submission", None)
        if pending is None or not pending.error:
            return form

        class RefusedForm(form):
            def clean(self):
                self.add_error(None, pending.error)
                return super().clean()

        return RefusedForm

    def render_change_form(self, request, context, add=False, **kwargs):
        if add:
            pending = getattr(request, "pending_submission", None)
            context["form_token"] = (
                pending.text if pending else new_token(request, model=self.model)
            )
        return super().render_change_form(request, context, add=add, **kwargs)

    def response_add(self, request, obj, **kwargs):
        pending = getattr(request, "pending_submission", None)
        if pending is not None:
            pending.complete(obj)
        return super().response_add(request, obj, **kwargs)

    def _respond_to_repeat(self, request, earlier: FormSubmission):
        row = earlier.find_saved_object(self.get_queryset(request))
        if row is not None and not self.has_view_or_change_permission(request, row):
            row = None
        if row is not None and self._is_popup_response(request):
            # Pass the object of the first submission to the page that opened the popup.
            return ModelAdmin.response_add(self, request, row)
        text = getattr(self, "repeat_message", None) or describe_repeat(row)
        self.message_user(request, text, messages.WARNING)
        if row is None:
            return self.response_post_save_add(request, row)
        opts = self.opts
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[row.pk]))

    def _is_popup_response(self, request) -> bool:
        to_field = request.POST.get(TO_FIELD_VAR)
        is_allowed = not to_field or self.to_field_allowed(request, to_field)
        return IS_POPUP_VAR in request.POST and is_allowed
