"""Every warning has a day on which somebody looks whether it still holds."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scam_warnings.gates.base import Gate, Result, Subject


class ReviewDateGate(Gate):
    """The review date is set and lies ahead."""

    key = "review_date"
    label = gettext_lazy("Review date")
    field = "review_on"

    def ask(self, subject: Subject) -> Result:
        day = subject.page.review_on
        if day is None:
            return self.not_done(
                _("No review date is set."), _("Set the day on which the warning is checked again.")
            )
        shown = date_format(day, "SHORT_DATE_FORMAT")
        if day <= subject.today:
            return self.not_done(
                _("The review date, %s, has passed.") % shown,
                _("Check whether the warning still holds, then set a new day."),
            )
        return self.done(_("The warning is checked again on %s.") % shown)
