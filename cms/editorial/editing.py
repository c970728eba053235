"""Wagtail's editor for warnings: “submit” saves and leads to our submission page; an old tab saves nothing."""

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, Revision

from scam_warnings.models import ScamWarningPage


class _SubmitsOnItsOwnPage:
    """Nothing typed is lost: the form is checked as for a submission and saved; the workflow starts elsewhere."""

    page: Any

    def submit_action(self) -> HttpResponse:
        saved = self.save_action()  # type: ignore[attr-defined]
        if not isinstance(saved, HttpResponseRedirect):
            return saved
        return redirect("editorial:submit", self.page.pk)

    def restart_workflow_action(self) -> HttpResponse:
        return self.submit_action()


class WarningEditView(_SubmitsOnItsOwnPage, EditView):
    """Editing a warning. What somebody saved since the form was opened is never written over."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Of two that save at once, the second waits here, and then compares with what the first has saved.
        held = Page.objects.select_for_update().values_list("latest_revision_id", flat=True)
        self.latest_revision = Revision.objects.filter(pk=held.get(pk=self.page.pk)).first()
        # For the editor's saving by itself, Wagtail refuses what is out of date, and says so beside its button.
        if self.is_out_of_date and not self.expects_json_response:
            return self._outdated()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def save_action(self) -> HttpResponse:
        answer: HttpResponse = super().save_action()
        if isinstance(answer, JsonResponse) and answer.status_code == 200:
            told = json.loads(answer.content)
            # Wagtail's script keeps what saved itself for its next saving by itself only. The form has to know it
            # too: else whoever presses “save” then would seem to be behind what they typed themselves.
            told["field_updates"] |= {
                "loaded_revision_id": str(told["revision_id"]),
                "loaded_revision_created_at": told["revision_created_at"],
            }
            return JsonResponse(told)
        return answer

    def _outdated(self) -> HttpResponse:
        """The form as it was sent, still that of the old version: pressing again is refused again."""
        newer = self.latest_revision
        messages.error(
            self.request,
            self._who_saved(newer),
            buttons=[messages.button(self.get_edit_url(), _("Open the newest version"), new_window=True)],
        )
        self.form = self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )
        self.form.defer_required_fields()
        self.form.is_valid()
        self.form.restore_required_fields()
        self.has_unsaved_changes = True
        shown = self.get_context_data()
        loaded = self.request.POST.get("overwrite_revision_id") or self.request.POST["loaded_revision_id"]
        self.page.latest_revision_id = int(loaded) if loaded.isascii() and loaded.isdigit() else 0
        shown["loaded_revision_created_at"] = self.request.POST.get("loaded_revision_created_at", "")
        answer: HttpResponse = self.render_to_response(shown, status=409)
        return answer

    def _who_saved(self, newer: Revision) -> str:
        values = {"time": localtime(newer.created_at).strftime("%H:%M %d/%m/%Y")}
        if newer.user_id == self.request.user.pk:
            said = _("Not saved: you saved a newer version in another window at %(time)s.") % values
        elif newer.user is not None:
            values["name"] = newer.user.get_full_name() or newer.user.get_username()
            said = _("Not saved: %(name)s saved a newer version at %(time)s.") % values
        else:
            said = _("Not saved: a newer version was saved at %(time)s.") % values
        return f"{said} " + _(
            "What you typed is still on this page. Open the newest version, and take over there what you need."
        )


class WarningCreateView(_SubmitsOnItsOwnPage, CreateView):
    """A new warning."""


class WarningViewSet(PageViewSet):
    """The views Wagtail uses for warnings."""

    model = ScamWarningPage
    name = "warnings"
    add_view_class = WarningCreateView
    edit_view_class = WarningEditView
    # The explorer below the list of warnings stays Wagtail's own.
    parent_models: tuple[Any, ...] = ()
