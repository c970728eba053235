"""What stands on the portal besides warnings: handbook, law, results, collections, and who we are."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InformationConfig(AppConfig):
    name = "cms.information"
    label = "information"
    verbose_name = _("Portal content")

    def ready(self) -> None:
        from cms.editorial import digest
        from cms.information import audited, links, reach, searching, section, waiting
        from cms.information.selfcheck import public
        from cms.information.types import described_types
        from cms.portal import library, sections
        from cms.portal.search import standing
        from cms.portal.selfcheck import content as self_check
        from cms.portal.sitemap import files

        audited.track_all()
        reach.register()
        sections.register(section.InformationSection())
        files.offer(section.pages)
        standing.offer(standing.Source(searching.state, searching.pages))
        library.describe_with(described_types)
        self_check.told_by(public.Approved())
        digest.count_with(waiting.line)
        links.register()
