"""A warning rests on at least one source the authority has registered."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scam_warnings.gates.base import Gate, Result, Subject
from scam_warnings.official_sources import OfficialSource


class SourceGate(Gate):
    """At least one registered official source, in use."""

    key = "source"
    label = gettext_lazy("Official source")
    field = "sources"

    def ask(self, subject: Subject) -> Result:
        chosen = {child.value.get("registered") for child in subject.page.sources or ()} - {None, ""}
        names = list(
            OfficialSource.objects.filter(key__in=chosen, active=True).values_list("name", flat=True)
        )
        if names:
            sentence = ngettext(
                "%(count)d registered source: %(names)s.",
                "%(count)d registered sources: %(names)s.",
                len(names),
            )
            return self.done(sentence % {"count": len(names), "names": "; ".join(names)})
        if chosen:
            return self.not_done(
                _("The chosen source is no longer registered as an official one."),
                _("Choose another registered official source."),
            )
        return self.not_done(
            _("No registered official source is chosen."),
            _(
                "Under “Sources”, choose at least one registered official source. If it is missing from the list, "
                "ask an administrator to register it."
            ),
        )
