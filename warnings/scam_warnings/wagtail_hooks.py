"""The taxonomy's screens, registered with Wagtail."""

from wagtail.snippets.models import register_snippet

from scam_warnings.viewsets import TaxonomyViewSetGroup

register_snippet(TaxonomyViewSetGroup)
