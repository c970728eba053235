"""Which English pages a publication changes: none, unless the warning has English or had it before."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from cms.portal import addresses, reading
from cms.portal.baking import paths
from cms.portal.models import InEnglish, PublishedWarning


class EnglishSection:
    """The English page of a warning, the lists it stands on, and the English home."""

    def shared(self) -> Iterable[str]:
        return ()

    def around(self, warning: PublishedWarning) -> Iterator[str]:
        if not warning.english_path:
            return
        root = Path(settings.PORTAL_ROOT)
        yield from (warning.english_path, addresses.ENGLISH)
        yield from paths.newest(
            addresses.english_list_page, max(paths.pages(reading.in_english().count()), 1), root
        )
        if paths.is_known(warning):
            yield from paths.naming(warning, root, (addresses.ENGLISH_LIST + "trang",))

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        if not warning.english_path:
            return ()
        related = reading.related_to(warning.scam_type_key, warning.group_key).exclude(pk=warning.pk)
        slugs = related.filter(english=InEnglish.NOW).values_list("slug", flat=True)
        return map(addresses.english_warning, slugs[: paths.NEIGHBOURS])

    def every(self) -> Iterator[str]:
        pages = max(paths.pages(reading.in_english().count()), 1)
        yield from map(addresses.english_list_page, range(1, pages + 1))
        spoken = PublishedWarning.objects.exclude(english=InEnglish.NEVER)
        yield from map(addresses.english_warning, spoken.values_list("slug", flat=True))
