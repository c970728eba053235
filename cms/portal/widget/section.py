"""What of the widget a publication changes: the frame of all warnings and the one of its type."""

from collections.abc import Iterable, Iterator

from cms.portal.models import PublishedWarning
from cms.portal.widget.addresses import GUIDE, WIDGET


class WidgetSection:
    """The frames and the page about them."""

    def pages(self) -> Iterable[str]:
        """Pages for search engines: the frames are none."""
        return (GUIDE,)

    def shared(self) -> Iterable[str]:
        return (WIDGET,)

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return (f"{WIDGET}{warning.scam_type_key}/",)

    def later(self, _warning: PublishedWarning) -> Iterable[str]:
        return (GUIDE,)

    def every(self) -> Iterator[str]:
        yield from (WIDGET, GUIDE)
        keys = PublishedWarning.objects.order_by().values_list("scam_type_key", flat=True).distinct()
        yield from (f"{WIDGET}{key}/" for key in sorted(keys))
