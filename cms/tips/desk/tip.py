"""One tip: what it says, what resembles it, and what can be done with it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from wagtail.admin import messages

from cms.core import sealing
from cms.core.text import defang
from cms.tips import acts, drafting, pictures, similar, story
from cms.tips.desk import access
from cms.tips.models import Picture, State, Tip
from cms.users import scope
from cms.users.models import Unit
from scam_warnings.indicators import IndicatorKind
from scam_warnings.taxonomy import ScamType


class SortForm(forms.Form):
    """Type, place and person."""

    scam_type = forms.ModelChoiceField(
        ScamType.objects.order_by("sort_order", "name"),
        required=False,
        label=_("Scam type"),
        empty_label=_("Not said"),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=_("Unit"), empty_label=_("The whole province")
    )
    to = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=_("Assigned to"), empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, tip: Tip, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        people: Any = self.fields["to"]
        units.queryset = scope.visible(Unit.objects.existing().order_by("name"), user) | Unit.objects.filter(
            pk=tip.unit_id or 0
        )
        # A tip is never handed out of one's own sight by mistake: only the province gives it to the province.
        units.required = not scope.reach_for(user, access.CHANGE).everything
        people.queryset = acts.workers(tip.unit)
        people.label_from_instance = lambda person: person.get_full_name() or person.get_username()


def _tip(request: HttpRequest, pk: int, *permissions: str) -> Tip:
    wanted = permissions or access.SEE
    access.require(request, *wanted)
    rows = access.tips(request.user, *wanted).select_related("scam_type", "unit", "assigned_to")
    return get_object_or_404(rows, pk=pk)


@require_GET
@never_cache
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The tip. How to reach the citizen and the pictures are shown on demand only."""
    return _page(request, _tip(request, pk))


@require_POST
@never_cache
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """How to reach the citizen; that somebody looked is on record first."""
    tip = _tip(request, pk, access.CONTACT)
    acts.contact_seen(tip, request.user)
    return _page(request, tip, contact=story.contact_of(tip))


@require_POST
@never_cache
def picture(request: HttpRequest, picture_id: int) -> HttpResponse:
    """One picture, decrypted for this answer only; that somebody looked is on record first."""
    row = get_object_or_404(Picture.objects.select_related("tip"), pk=picture_id)
    _tip(request, row.tip_id, access.CONTACT)
    acts.picture_seen(row, request.user)
    try:
        data = pictures.unseal(row)
    except sealing.Unreadable as error:
        raise Http404 from error
    response = HttpResponse(data, content_type="image/jpeg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


@require_POST
def drop_picture(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Erase a picture at once."""
    row = get_object_or_404(Picture.objects.select_related("tip"), pk=picture_id)
    tip = _tip(request, row.tip_id, access.CHANGE)
    acts.drop_picture(row, request.user)
    messages.success(request, _now("The picture was erased."))
    return redirect("tips:tip", tip.pk)


@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far it is."""
    tip = _tip(request, pk, access.CHANGE)
    wanted = request.POST.get("state", "")
    if wanted not in State.values:
        raise PermissionDenied
    try:
        acts.set_state(tip, State(wanted), request.POST.get("reason", ""), request.user, timezone.now())
    except ValidationError as error:
        return _page(request, tip, wrong=error.message_dict, typed=request.POST.dict(), status=422)
    messages.success(request, _now("The state is now: %s") % State(wanted).label)
    return redirect("tips:tip", tip.pk)


@require_POST
def sort(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it to another type, place or person."""
    tip = _tip(request, pk, access.CHANGE)
    form = SortForm(request.POST, tip=tip, user=request.user)
    if not form.is_valid():
        return _page(request, tip, sort_form=form, status=422)
    said = form.cleaned_data
    try:
        acts.sort(tip, scam_type=said["scam_type"], unit=said["unit"], to=said["to"], by=request.user)
    except ValidationError as error:
        form.add_error("to", error.message_dict["to"])
        return _page(request, tip, sort_form=form, status=422)
    messages.success(request, _now("Saved."))
    return redirect("tips:tip", tip.pk)


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write something down for colleagues."""
    tip = _tip(request, pk, access.CHANGE)
    try:
        acts.note(tip, request.POST.get("text", ""), request.user, timezone.now())
    except ValidationError as error:
        return _page(request, tip, wrong=error.message_dict, typed=request.POST.dict(), status=422)
    return redirect("tips:tip", tip.pk)


def _page(
    request: HttpRequest,
    tip: Tip,
    *,
    contact: str | None = None,
    wrong: dict[str, list[str]] | None = None,
    typed: dict[str, Any] | None = None,
    sort_form: SortForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    may_change = access.tips(user, access.CHANGE).filter(pk=tip.pk).exists()
    told = story.of(tip)
    initial = {"scam_type": tip.scam_type_id, "unit": tip.unit_id, "to": tip.assigned_to_id}
    kinds = dict(IndicatorKind.choices)
    context = {
        "tip": tip,
        "told": story.Story(defang(told.text), defang(told.traces)) if told is not None else None,
        "marks": [(kinds.get(mark.kind, mark.kind), mark) for mark in tip.marks.all()],
        "pictures": list(tip.pictures.defer("sealed")),
        "notes": [(row, story.note_text(row)) for row in tip.notes.select_related("author")],
        "uses": tip.uses.select_related("page", "by"),
        "similar": similar.to(tip, access.tips(user)),
        "states": State.choices,
        "reasoned": [str(one) for one in acts.REASONED],
        "may_change": may_change,
        "may_see_contact": access.tips(user, access.CONTACT).filter(pk=tip.pk).exists(),
        "may_draft": may_change and drafting.may_draft(user),
        "has_contact": bool(tip.sealed_contact),
        "contact": contact,
        "wrong": wrong or {},
        "typed": typed or {},
        "sort_form": sort_form or SortForm(initial=initial, tip=tip, user=user),
    }
    return render(request, "tips/desk/tip.html", context, status=status)
