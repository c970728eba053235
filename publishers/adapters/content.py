"""Checks of a sealed message against what a kind of channel can take, before anything is sent."""

from django.utils.translation import gettext as _

from publishers.contracts import Capabilities, Image, Message, PublishError, Rejected, Temporary


def check_text(message: Message, capabilities: Capabilities) -> None:
    """Raise Rejected for an empty text or one above the channel's limit: nothing is cut after sealing."""
    try:
        message.text.encode()
    except UnicodeEncodeError as error:
        raise Rejected(
            _("The text holds a broken character. Type it anew and submit the warning for approval again."),
            code="broken_text",
        ) from error
    if not message.text.strip():
        raise Rejected(
            _("The text for this channel is empty. Fill it in and submit the warning for approval again."),
            code="empty_text",
        )
    if capabilities.measure(message.text) > capabilities.max_length:
        raise Rejected(
            _(
                "The text for this channel is too long: at most %(limit)s characters. "
                "Shorten it and submit the warning for approval again."
            )
            % {"limit": capabilities.max_length},
            code="text_too_long",
        )


def only_image(message: Message, capabilities: Capabilities) -> tuple[Image, bytes] | None:
    """The picture and its bytes, or None without one.

    Raises Rejected for a second picture, one above the channel's size or one whose sealed bytes changed,
    and Temporary when it cannot be read just now.
    """
    if not message.images:
        return None
    if len(message.images) > capabilities.images:
        raise Rejected(
            _(
                "This channel takes %(limit)s picture at most. "
                "Remove the others and submit the warning for approval again."
            )
            % {"limit": capabilities.images},
            code="too_many_images",
        )
    image = message.images[0]
    data = _read(image)
    if len(data) > capabilities.max_image_bytes:
        raise Rejected(
            _(
                "The picture is too large for this channel. "
                "Use a smaller one and submit the warning for approval again."
            ),
            code="image_too_large",
        )
    return image, data


def _read(image: Image) -> bytes:
    try:
        return image.read()
    except PublishError:
        raise
    except OSError as error:
        raise Temporary(
            _("The picture could not be read from the disk. The system will try again by itself."),
            code="image_unreadable",
        ) from error
    except Exception as error:
        raise Rejected(
            _(
                "The picture is no longer the one that was approved, so it is not sent. "
                "Tell the administrator."
            ),
            code="image_changed",
        ) from error
