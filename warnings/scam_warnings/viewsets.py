"""The taxonomy in the admin: one menu, one list per vocabulary."""

from django.utils.translation import gettext_lazy as _

from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from scam_warnings.official_sources import OfficialSource
from scam_warnings.taxonomy import (
    Audience,
    ContentCategory,
    Hotline,
    ScamType,
    ScamTypeGroup,
    SourceKind,
)


class TermViewSet(SnippetViewSet):
    """Common to all vocabularies."""

    list_display = ["name", "key", "sort_order"]
    ordering = ["sort_order", "name"]
    list_per_page = 50
    inspect_view_enabled = False


class ScamTypeViewSet(TermViewSet):
    model = ScamType
    icon = "warning"
    list_display = ["name", "group", "official_no", "key"]
    list_filter = ["group"]


class ScamTypeGroupViewSet(TermViewSet):
    model = ScamTypeGroup
    icon = "folder-open-inverse"


class AudienceViewSet(TermViewSet):
    model = Audience
    icon = "group"
    list_display = ["name", "scope", "key"]
    list_filter = ["scope"]


class ContentCategoryViewSet(TermViewSet):
    model = ContentCategory
    icon = "tag"


class SourceKindViewSet(TermViewSet):
    model = SourceKind
    icon = "doc-full"


class OfficialSourceViewSet(TermViewSet):
    model = OfficialSource
    icon = "success"
    list_display = ["name", "kind", "domain", "active"]
    list_filter = ["active", "kind"]


class HotlineViewSet(TermViewSet):
    model = Hotline
    icon = "comment"
    list_display = ["name", "value", "shown"]
    list_filter = ["shown", "kind"]


class TaxonomyViewSetGroup(SnippetViewSetGroup):
    """The menu entry."""

    menu_label = _("Taxonomy")
    menu_icon = "list-ul"
    menu_order = 700
    items = (
        ScamTypeViewSet,
        ScamTypeGroupViewSet,
        AudienceViewSet,
        ContentCategoryViewSet,
        SourceKindViewSet,
        OfficialSourceViewSet,
        HotlineViewSet,
    )
