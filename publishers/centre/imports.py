"""Upload a table of channels, see what each row would do, then add the right ones."""

import base64
import csv
import io
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from wagtail.admin import messages

from publishers import channel_import
from publishers.centre.access import require_everywhere

SHOWN = 200
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SALT = "publishers.channel_import"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class TableForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Table (CSV or XLSX)"),
        help_text=gettext_lazy(
            "At most 1.5 MB and 5,000 rows. Nothing is added before you have seen the result."
        ),
    )


@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty table."""
    require_everywhere(request, "publishers.add_channel")
    if kind not in _TYPES:
        raise Http404
    response = HttpResponse(channel_import.template(kind), content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="kenh.{kind}"'
    return response


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """First the file and its report, then the decision. The checked table travels along, signed."""
    require_everywhere(request, "publishers.add_channel")
    form = TableForm()
    context: dict[str, Any] = {"form": form}
    if request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        held = request.POST.get("held", "")
        if not held and not form.is_valid():
            return render(request, "publishers/centre/import.html", {"form": form}, status=422)
        try:
            name, data = _held(held) if held else _uploaded(form)
            rows = channel_import.read(name, data)
        except channel_import.Unreadable as error:
            form.add_error("file", str(error)) if not held else messages.error(request, str(error))
            return render(request, "publishers/centre/import.html", {"form": form}, status=422)
        if request.POST.get("report"):
            return _report(rows)
        if held and request.POST.get("confirmed"):
            return _add(request, rows)
        context = {"form": form, "held": held or _sign(name, data), **_figures(rows)}
    return render(request, "publishers/centre/import.html", context)


def _figures(rows: list[channel_import.Row]) -> dict[str, Any]:
    wrong = [row for row in rows if row.problems]
    return {
        "rows": rows,
        "wrong": wrong[:SHOWN],
        "wrong_count": len(wrong),
        "known_count": sum(row.known for row in rows),
        "good_count": sum(not row.problems and not row.known for row in rows),
    }


def _add(request: HttpRequest, rows: list[channel_import.Row]) -> HttpResponse:
    count = channel_import.add(rows, request.user)
    text = ngettext("%(count)d channel was added.", "%(count)d channels were added.", count)
    messages.success(request, text % {"count": count})
    return redirect("publishers_channels:index")


def _report(rows: list[channel_import.Row]) -> HttpResponse:
    """Rows and their problems as CSV; a cell that a spreadsheet would run is made plain text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Row"), _("What is wrong"), *channel_import.COLUMNS.values()])
    for row in rows:
        said = " ".join(row.problems) or (_("already there") if row.known else _("right"))
        cells = [row.values.get(key, "") for key in channel_import.COLUMNS]
        writer.writerow([row.number, said, *(f"'{c}" if c.startswith(_DANGEROUS) else c for c in cells)])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type=_TYPES["csv"])
    response["Content-Disposition"] = 'attachment; filename="ket-qua-kiem-tra.csv"'
    return response


def _uploaded(form: TableForm) -> tuple[str, bytes]:
    file = form.cleaned_data["file"]
    return str(file.name), file.read(channel_import.MAX_BYTES + 1)


def _sign(name: str, data: bytes) -> str:
    packed = base64.b64encode(data).decode("ascii")
    return signing.dumps({"name": name, "data": packed}, salt=_SALT, compress=True)


def _held(text: str) -> tuple[str, bytes]:
    try:
        held = signing.loads(text, salt=_SALT, max_age=3600)
    except signing.BadSignature as error:
        raise channel_import.Unreadable(_("The upload has expired. Choose the file once more.")) from error
    return held["name"], base64.b64decode(held["data"])
