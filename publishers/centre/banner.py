"""What stands above every admin page: everything is stopped, nothing moves, or a release was altered."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cms.core.templatetags.practice import practice_note
from cms.users import scope
from publishers import halt, tampering
from publishers.centre.access import SEE, may_everywhere
from publishers.watch import deadman

MOST_NAMED: Final = 3
"""Altered releases with a link of their own; the health page lists them all."""


def loader() -> str:
    """What every admin page carries. Wagtail's hook knows no request, so the page asks for its banner."""
    return practice_note() + format_html(
        '<link rel="stylesheet" href="{}"><meta id="keng-alarm-url" data-url="{}"><script src="{}" defer></script>',
        static("publishers/banner.css"),
        reverse("publishers:banner"),
        static("publishers/banner.js"),
    )


@require_GET
@never_cache
def banner(request: HttpRequest) -> HttpResponse:
    """The banner for this person; 204 when there is nothing to say."""
    stopped = halt.standing()
    alarm = "" if stopped else deadman.alarm()
    altered = list(
        scope.visible(tampering.altered_releases(), request.user, *SEE).select_related("page")[
            : MOST_NAMED + 1
        ]
    )
    if not stopped and not alarm and not altered:
        return HttpResponse(status=204)
    may_resume = (
        stopped is not None and stopped.pk is not None and may_everywhere(request.user, "publishers.add_halt")
    )
    context = {
        "halt": stopped,
        "alarm": alarm,
        "may_resume": may_resume,
        "altered": altered[:MOST_NAMED],
        "more_altered": len(altered) > MOST_NAMED,
    }
    return render(request, "publishers/centre/banner.html", context)
