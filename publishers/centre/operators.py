"""What administrators do with the links of operators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wagtail.admin import messages

from publishers.assisted import links
from publishers.centre.access import require
from publishers.models import Operator


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make every link handed out so far invalid; the list shows the new one."""
    require(request, "publishers.change_operator")
    operator = get_object_or_404(Operator, pk=pk)
    links.revoke(operator)
    messages.success(request, _("Earlier links of “%s” no longer work. Send the new one.") % operator)
    return redirect("publishers_operators:index")
