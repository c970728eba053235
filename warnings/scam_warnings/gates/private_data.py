"""No live trap and nobody's personal data in any field."""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scam_warnings.agency import AgencySettings
from scam_warnings.detectors.found import Private
from scam_warnings.detectors.private_data import private_data
from scam_warnings.gates.base import Gate, Result, Subject
from scam_warnings.official_sources import official_domains
from scam_warnings.taxonomy import Hotline

NAMES: Final = {
    Private.LINK: gettext_lazy("web address"),
    Private.PHONE: gettext_lazy("phone number"),
    Private.BANK_ACCOUNT: gettext_lazy("bank account or other long number"),
    Private.IDENTITY: gettext_lazy("identity number"),
    Private.EMAIL: gettext_lazy("e-mail address"),
}
_MOST_SHOWN: Final = 12


def confirmed_numbers() -> set[str]:
    """The digits of every number the authority itself shows to the public."""
    values = [
        *Hotline.objects.filter(shown=True).values_list("value", flat=True),
        AgencySettings.load().phone,
    ]
    return {digits for value in values if (digits := re.sub(r"\D", "", value))}


class PrivateDataGate(Gate):
    """No live link, phone number, bank account, identity number or e-mail address of a private person."""

    key = "private_data"
    label = gettext_lazy("No live links, no personal data")
    field = "sample_message"

    def ask(self, subject: Subject) -> Result:
        official, confirmed = official_domains(), confirmed_numbers()
        own = AgencySettings.load().email.casefold()
        found = [
            (item, hit)
            for item in subject.texts
            for hit in private_data(item.text, official=official, confirmed=confirmed)
            if not own or hit.text.casefold() != own
        ]
        if not found:
            return self.done(_("No live address and no number of a person was found."))
        details = dict.fromkeys(f"{item.label}: {NAMES[hit.kind]} “{hit.text}”" for item, hit in found)
        mend = _(
            "Take it out of the text. What readers may recognise the scam by goes into “Indicators”, where it is "
            "masked by itself."
        )
        if any(item.field == "sources" for item, _hit in found):
            mend += " " + _(
                "The address of a source is accepted once its domain is registered with an official source."
            )
        return self.not_done(
            _("Something stands in the text that readers could call, pay, open, or trace to a person."),
            mend,
            field=found[0][0].field,
            details=list(details)[:_MOST_SHOWN],
        )
