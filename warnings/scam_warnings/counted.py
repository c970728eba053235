"""Length limits of the hand-written texts: checked on the server, counted live in the editor."""

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail.admin.widgets import AdminAutoHeightTextInput

from cms.core.text import nfc, utf16_length
from scam_warnings.compose import FACEBOOK_LIMIT, SMS_LIMIT, ZALO_LIMIT
from scam_warnings.sms import count_sms

# Hashtags, link and reference code are appended to the body and count too.
CLOSING_RESERVE = 250
FACEBOOK_BODY = FACEBOOK_LIMIT - CLOSING_RESERVE
ZALO_BODY = ZALO_LIMIT - CLOSING_RESERVE
LOUDSPEAKER_LIMIT = 2500
TITLE_LIMIT = 90


@deconstructible
class AtMostUnits:
    """At most ``limit`` UTF-16 units, as the platforms count."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, value: str) -> None:
        length = utf16_length(nfc(value))
        if length > self.limit:
            raise ValidationError(
                _("The text has %(length)d characters; at most %(limit)d fit. Shorten it by %(over)d.")
                % {"length": length, "limit": self.limit, "over": length - self.limit}
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AtMostUnits) and other.limit == self.limit

    def __hash__(self) -> int:
        return hash(self.limit)


def fits_one_sms(value: str) -> None:
    """Refuse what is not one plain GSM-7 message of at most 160 characters."""
    count = count_sms(nfc(value))
    if not count.plain:
        raise ValidationError(
            _("Write the SMS without marks: a letter with a mark makes it cost twice as much.")
        )
    if count.units > SMS_LIMIT:
        raise ValidationError(
            _("The SMS has %(length)d characters; at most %(limit)d fit one message. Shorten it by %(over)d.")
            % {"length": count.units, "limit": SMS_LIMIT, "over": count.units - SMS_LIMIT}
        )


def counted(way: str, limit: int) -> AdminAutoHeightTextInput:
    """A text area whose length is shown while typing; ``way`` is utf16 or gsm7."""
    return AdminAutoHeightTextInput(
        attrs={
            "data-counter": way,
            "data-limit": str(limit),
            "data-counter-left": gettext_lazy("%s characters left"),
            "data-counter-over": gettext_lazy("%s characters too many"),
            "data-counter-marks": gettext_lazy(
                "Write the SMS without marks: a letter with a mark makes it cost twice as much."
            ),
        }
    )
