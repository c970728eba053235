"""How a sealed release becomes public: the read model, the live revision and the finished pages.

Everything here may be repeated at any time. The database changes in one transaction; the files follow, and a
crash between the two is healed by publishing again (the portal adapter declares itself repeatable).
"""

import logging
import os
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail.models import Page

from cms.core import waking
from cms.portal import addresses, audiences, bake, reading, search, shown, tasks
from cms.portal.models import InEnglish, PublicState, PublishedWarning
from publishers import scheduling
from publishers.contracts import ChannelIdentity, Listing, Message, Receipt, Rejected, Temporary
from publishers.models import Payload, Release
from scam_warnings import lifecycle
from scam_warnings.agency import AgencySettings
from scam_warnings.models import ScamWarningPage
from scam_warnings.snapshot import Snapshot, canonical_hash

logger = logging.getLogger(__name__)

KIND = "portal"


class PortalBackend:
    """What the portal adapter speaks to; settings.PORTAL_BACKEND names it."""

    def publish(self, message: Message) -> Receipt:
        """Make the release of ``message`` public, or return the receipt of a newer one that already is.

        Raises Rejected when ``message`` is not the sealed payload of a release or its address cannot be;
        Temporary when database or disk refuse for now.
        """
        try:
            with transaction.atomic():
                warning = record(message.data)
        except ValidationError as error:
            logger.warning("The approved revision is no longer valid: %s", ", ".join(error.message_dict))
            raise Rejected(
                _("The approved version is no longer valid. Correct the warning and submit it again."),
                code="invalid_revision",
            ) from error
        except DatabaseError as error:
            logger.warning("The portal's database refused: %s", type(error).__name__)
            raise Temporary(
                _("The portal's database is busy. It is tried again by itself."), code="portal_database"
            ) from error
        try:
            bake.bake_for(warning)
        except bake.FolderBusy as error:
            logger.warning("Finished files of %s have to wait: %s", warning.path, error)
            raise Temporary(
                _("Another program is renewing the portal's pages. It is tried again by itself."),
                code="portal_busy",
            ) from error
        except bake.StoreError as error:
            logger.warning("Finished files of %s did not reach the store outside: %s", warning.path, error)
            raise Temporary(
                _(
                    "The portal's pages could not be brought to the server outside. It is tried again by itself."
                ),
                code="portal_store",
            ) from error
        except bake.BakeError as error:
            logger.warning("Finished files of %s could not be rendered: %s", warning.path, error)
            raise Temporary(
                _("The portal's pages could not be drawn. Ask the system administrator to look at the log."),
                code="portal_render",
            ) from error
        except OSError as error:
            logger.warning("Finished files of %s could not be written: %s", warning.path, error)
            raise Temporary(
                _(
                    "The portal's pages could not be written. Check the free disk space; it is tried again by itself."
                ),
                code="portal_files",
            ) from error
        waking.after_commit(
            tasks.renew_neighbours, warning.pk, otherwise="related pages are renewed within the hour"
        )
        return receipt(warning)

    def find(self, message: Message) -> Receipt | None:
        """The receipt when the public can read this release, or a newer one, on its finished page."""
        number, page_id = message.data.get("number", 0), message.data.get("page_id", 0)
        warning = PublishedWarning.objects.filter(page_id=page_id).first()
        if warning is None:
            return None
        known = Release.objects.filter(page_id=page_id, number=number).exists()
        if not known or warning.release_number < number or not bake.is_current(warning.path):
            return None
        return receipt(warning)

    def shown(self, since: datetime) -> Listing:
        """Every warning the public can read, and every page nobody signed."""
        return shown.pages(since, timezone.now())

    def check(self) -> ChannelIdentity:
        """Who speaks here and how much is public. Raises Temporary when no page could be written."""
        root = Path(settings.PORTAL_ROOT)
        try:
            root.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".part-", dir=root)
            os.close(handle)
            Path(name).unlink()
        except OSError as error:
            raise Temporary(
                _("The portal's folder cannot be written to. Ask the system administrator to check it."),
                code="portal_files",
            ) from error
        count = reading.listed().count()
        return ChannelIdentity(
            remote_id=KIND,
            name=AgencySettings.load().name,
            url=addresses.absolute(addresses.HOME),
            detail=ngettext("%(count)d public warning", "%(count)d public warnings", count)
            % {"count": count},
        )


def record(data: Any) -> PublishedWarning:
    """Note the release of ``data`` as what its pages say next; for a transaction, and no page is written.

    Raises Rejected as ``PortalBackend.publish`` does, ValidationError or the database's own error.
    """
    payload = sealed_payload(data)
    release = payload.release
    # The page's row serialises releases of one warning: without it an older one could win the race.
    Page.objects.select_for_update().get(pk=release.page_id)
    existing = PublishedWarning.objects.filter(page_id=release.page_id).first()
    if existing is not None and existing.release_number > release.number:
        return existing
    if existing is not None and existing.release_id == release.pk:
        warning = existing
    else:
        snapshot = Snapshot.from_json(payload.data["snapshot"])
        _require_address(snapshot, existing)
        warning = existing or PublishedWarning(page_id=release.page_id, published_at=release.sealed_at)
        _fill(warning, snapshot, payload)
        warning.save()
        audiences.record(warning, snapshot)
    page = ScamWarningPage.objects.get(pk=release.page_id)
    # A withdrawal leaves the revision as it stands: what the public reads is the row above.
    if not payload.data.get("withdrawn") and (not page.live or page.live_revision_id != release.revision_id):
        lifecycle.publish_sealed(page, release.revision)
    return warning


def sealed_payload(data: Any, kind: str = KIND) -> Payload:
    """The stored payload for ``kind`` that says exactly what ``data`` says. Raises Rejected when there is none."""
    try:
        wanted = {
            name: data[name] for name in ("snapshot", "number", "revision_id", "revision_hash", "page_id")
        }
        wanted |= {name: data.get(name) for name in ("withdrawn", "note")}
    except KeyError as error:
        raise _unsealed() from error
    if not all(isinstance(wanted[name], int) for name in ("number", "revision_id", "page_id")):
        raise _unsealed()
    payload = (
        Payload.objects.select_related("release__revision", "channel")
        .filter(
            release__number=wanted["number"],
            release__page_id=wanted["page_id"],
            release__revision_id=wanted["revision_id"],
            channel__kind=kind,
        )
        .first()
    )
    if payload is None or any(payload.data.get(name) != value for name, value in wanted.items()):
        raise _unsealed()
    if wanted["revision_hash"] != canonical_hash(payload.release.revision.content):
        raise Rejected(
            _("The approved version was altered after it was signed. Submit the warning for approval again."),
            code="seal_broken",
        )
    return payload


def _unsealed() -> Rejected:
    return Rejected(
        _("This content does not belong to an approved release. Submit the warning for approval again."),
        code="unsealed",
    )


def _require_address(snapshot: Snapshot, existing: PublishedWarning | None) -> None:
    if not addresses.is_public_slug(snapshot.slug):
        raise Rejected(
            _("The address “%(slug)s” cannot be used on the portal. Change it and submit the warning again.")
            % {"slug": snapshot.slug[:80]},
            code="bad_address",
        )
    if existing is not None and existing.slug != snapshot.slug:
        raise Rejected(
            _("The address of a published warning is permanent. Restore “%(slug)s” and submit it again.")
            % {"slug": existing.slug},
            code="address_changed",
        )
    taken = PublishedWarning.objects.filter(slug=snapshot.slug)
    if (taken.exclude(pk=existing.pk) if existing else taken).exists():
        raise Rejected(
            _("Another warning already has the address “%(slug)s”. Change it and submit the warning again.")
            % {"slug": snapshot.slug},
            code="address_taken",
        )


def _fill(warning: PublishedWarning, snapshot: Snapshot, payload: Payload) -> None:
    release = payload.release
    warning.release = release
    warning.release_number = release.number
    warning.code = snapshot.reference.split(".")[0]
    warning.slug = snapshot.slug
    warning.title = snapshot.title
    warning.summary = snapshot.summary
    warning.severity = snapshot.severity.key
    warning.scam_type_key = snapshot.scam_type.key
    warning.scam_type_name = snapshot.scam_type.name
    warning.scam_type_official_no = snapshot.official_no
    warning.group_key = snapshot.scam_type_group.key
    warning.group_name = snapshot.scam_type_group.name
    warning.snapshot = payload.data["snapshot"]
    warning.payload_hash = payload.hash
    warning.updated_at = release.sealed_at
    warning.expires_on = date.fromisoformat(snapshot.expires_on) if snapshot.expires_on else None
    warning.is_old = warning.is_expired()
    warning.state = _state(payload)
    warning.english = _in_english(snapshot, release)
    warning.note = release.note
    for name, value in search.columns_of(snapshot).items():
        setattr(warning, name, value)


def _state(payload: Payload) -> PublicState:
    if payload.data.get("withdrawn"):
        return PublicState.WITHDRAWN
    # Once corrected, a warning says so, however often it is updated afterwards.
    corrected = scheduling.begun(Release.objects.all()).filter(
        page_id=payload.release.page_id,
        kind=Release.Kind.CORRECTION,
        number__lte=payload.release.number,
    )
    return PublicState.CORRECTED if corrected.exists() else PublicState.PUBLISHED


def _in_english(snapshot: Snapshot, release: Release) -> InEnglish:
    if snapshot.english is not None:
        return InEnglish.NOW
    earlier = scheduling.begun(Release.objects.all()).filter(
        page_id=release.page_id, number__lt=release.number, snapshot__has_key="english"
    )
    return InEnglish.BEFORE if earlier.exists() else InEnglish.NEVER


def receipt(warning: PublishedWarning) -> Receipt:
    """What the portal answers for ``warning`` as it is public now."""
    published_at: datetime = warning.updated_at
    return Receipt(
        remote_id=f"{KIND}:{warning.page_id}:{warning.release_id}",
        url=addresses.absolute(warning.path),
        published_at=published_at,
    )
