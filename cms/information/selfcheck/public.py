"""The self-check the portal shows: the newest trusted edition."""

from functools import lru_cache
from typing import Final

from cms.information import reading
from cms.information.editions import is_trusted
from cms.information.kinds import SINGLE, Kind
from cms.information.models import Edition
from cms.portal.selfcheck import content

_SLUG: Final = SINGLE[Kind.SELF_CHECK]


class Approved:
    """What the portal asks (content.Teller)."""

    def newest(self) -> content.Public | None:
        """What was decided last; None when nothing was approved, or what stands there is not what was approved."""
        edition = reading.find(Kind.SELF_CHECK, _SLUG)
        if edition is None:
            return None
        if edition.withdrawn:
            return content.Public(None, edition.note)
        return content.Public(check_of(edition))

    def is_open(self) -> bool:
        """One short query; an edition is read and compared with its signature once in a process."""
        rows = Edition.objects.filter(kind=Kind.SELF_CHECK, slug=_SLUG, is_current=True, withdrawn=False)
        found = rows.values_list("pk", "mac").first()
        return found is not None and _is_trusted(*found)


def check_of(edition: Edition) -> content.SelfCheck:
    """The self-check ``edition`` describes."""
    said = edition.content["vi"]
    return content.read(said["title"], said["summary"], edition.content["check"])


@lru_cache(maxsize=4)
def _is_trusted(pk: int, mac: str) -> bool:
    edition = Edition.objects.filter(pk=pk, mac=mac).first()
    return edition is not None and is_trusted(edition)
