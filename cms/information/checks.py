"""What must hold before standing content is submitted, and again before it is approved."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cms.core.sanitise import plain_text
from cms.core.secrecy import markings
from cms.information.content import Content, texts
from cms.information.kinds import WITH_OWN_FORM
from cms.information.selfcheck import rules
from publishers.models import Release
from scam_warnings.agency import AgencySettings
from scam_warnings.detectors.private_data import private_data
from scam_warnings.gates.private_data import NAMES, confirmed_numbers
from scam_warnings.official_sources import official_domains

MOST_SHOWN = 8


def problems(content: Content) -> list[str]:
    """Why ``content`` cannot become public, each a sentence with the way to mend it; empty when it can."""
    return list(dict.fromkeys(_problems(content)))[:MOST_SHOWN]


def _problems(content: Content) -> Iterator[str]:
    if not content["vi"]["body"] and content["kind"] not in WITH_OWN_FORM:
        yield _("The page has no content yet. Add at least one block.")
    if "check" in content:
        yield from (fault.message for fault in rules.faults(content["check"]))
    seen = [plain_text(text) if "<" in text else text for text in texts(content)]
    for text in seen:
        for mark in markings(text):
            yield (
                _("“%s” looks like a mark of secrecy. Nothing from a protected document may be published.")
                % mark
            )
    own = {email.casefold() for email in [AgencySettings.load().email] if email}
    official, confirmed = official_domains(), confirmed_numbers()
    accounts = _addresses_of_accounts(content)
    for text in seen:
        if text in accounts:
            continue
        for hit in private_data(text, official=official, confirmed=confirmed):
            if hit.text.casefold() not in own:
                yield _("%(what)s “%(text)s” must not stand in the text.") % {
                    "what": str(NAMES[hit.kind]).capitalize(),
                    "text": hit.text,
                }
    for block in content["vi"]["body"]:
        if block["type"] == "accounts" and not block["items"]:
            yield _("The list of official accounts is empty, or its channels are gone.")
        if block["type"] == "warnings":
            approved = set(Release.objects.filter(page__in=block["items"]).values_list("page_id", flat=True))
            if set(block["items"]) - approved:
                yield _("A chosen warning was never approved. Choose only approved warnings.")


def _addresses_of_accounts(content: Content) -> set[str]:
    blocks = (block for block in content["vi"]["body"] if block["type"] == "accounts")
    return {row["url"] for block in blocks for row in block["items"]}
