"""The taxonomy's screens, registered with Wagtail."""

from typing import Any

from django.http import HttpRequest

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cms.users import scope
from scam_warnings.viewsets import TaxonomyViewSetGroup

register_snippet(TaxonomyViewSetGroup)


@hooks.register("construct_page_chooser_queryset")
def choose_within_reach(pages: Any, request: HttpRequest) -> Any:
    return scope.visible(pages, request.user)
