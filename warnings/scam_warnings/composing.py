"""From a revision of the page to its snapshot: the last step before a text or picture is final."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache

from wagtail.blocks import StreamValue

from cms.core.sanitise import RICH_TEXT, clean_html
from cms.core.text import collapse, nfc
from media import sealed
from media.renderers.card import render_card
from media.renderers.card_spec import CardSize, CardSpec
from media.renderers.card_spec import Severity as CardSeverity
from media.renderers.fit import fit_image
from scam_warnings import compose
from scam_warnings.agency import AgencySettings
from scam_warnings.composing_english import english_of, points_of
from scam_warnings.enums import Severity, TextForm
from scam_warnings.indicators import IndicatorKind, masked
from scam_warnings.models import WARNINGS_SLUG, ScamWarningPage
from scam_warnings.official_sources import OfficialSource
from scam_warnings.snapshot import (
    HotlineRef,
    IndicatorRef,
    Named,
    Picture,
    Snapshot,
    SourceRef,
    canonical_hash,
)
from scam_warnings.taxonomy import Hotline, SourceKind

_HERO = {"max_bytes": 350_000, "max_width": 1600, "max_height": 1200}
# Greatest bytes per width in pixels: a phone loads a warning with its picture in less than 120 kB.
_SMALLER = {480: 32_000, 800: 64_000}
_NOTHING = Named("", "")
_CARD_SEVERITY: dict[Severity, CardSeverity] = {
    Severity.INFO: "info",
    Severity.CAUTION: "caution",
    Severity.URGENT: "urgent",
}


def snapshot_of(page: ScamWarningPage, *, reference: str) -> Snapshot:
    """Everything ``page`` says, in final form, including sealed pictures and one text per form.

    ``page`` may be an unfinished draft: missing parts are empty. The result depends only on the page, the
    taxonomy's names, the confirmed hotlines and the agency's name.
    """
    title = collapse(page.title)
    summary = collapse(page.summary or "")
    severity = Severity(page.severity or Severity.CAUTION)
    agency = AgencySettings.load().name
    code = page.code or ""
    short_url = f"{settings.PUBLIC_URL}/cb/{code}/"
    path = f"/{WARNINGS_SLUG}/{page.slug}/"
    signs = points_of(page.warning_signs)
    scam_type = page.scam_type
    kicker = scam_type.name if scam_type else ""
    hashtags = tuple((page.hashtags or "").split())
    indicators = _indicators(page.indicators)

    def card(size: CardSize) -> Picture:
        spec = CardSpec(
            title=title or "…",
            severity=_CARD_SEVERITY[severity],
            severity_label=str(severity.label),
            kicker=kicker,
            agency=agency,
            reference_code=reference,
            url_text=short_url,
            signs=signs[:3],
            size=size,
        )
        return _card(spec, alt=f"{severity.label}: {title}")

    return Snapshot(
        reference=reference,
        slug=page.slug or "",
        path=path,
        url=f"{settings.PUBLIC_URL}{path}",
        short_url=short_url,
        title=title,
        summary=summary,
        severity=Named(severity.value, str(severity.label)),
        scam_type=Named(scam_type.key, scam_type.name) if scam_type else _NOTHING,
        scam_type_group=Named(scam_type.group.key, scam_type.group.name) if scam_type else _NOTHING,
        official_no=scam_type.official_no if scam_type else None,
        category=Named(page.category.key, page.category.name) if page.category else _NOTHING,
        audiences=tuple(
            Named(item.key, item.name) for item in page.audiences.all() if item.scope == item.Scope.PUBLIC
        ),
        how_it_works=points_of(page.how_it_works),
        warning_signs=signs,
        what_to_do=points_of(page.what_to_do),
        if_you_are_a_victim=points_of(page.if_you_are_a_victim),
        details_html=clean_html(page.details or "", RICH_TEXT),
        sample_message=compose.neutral_sample(page.sample_message or ""),
        sources=_sources(page.sources),
        hotlines=tuple(
            HotlineRef(item.name, item.value, item.kind, item.use)
            for item in Hotline.objects.filter(shown=True)
        ),
        hashtags=hashtags,
        agency=agency,
        valid_from=page.valid_from.isoformat() if page.valid_from else "",
        expires_on=page.expires_on.isoformat() if page.expires_on else "",
        image=_hero(page),
        card_wide=card("wide"),
        card_square=card("square"),
        texts=_texts(page, hashtags, short_url, reference),
        indicators=indicators,
        english=english_of(page, indicators),
    )


def default_texts(page: ScamWarningPage) -> dict[str, str]:
    """The text per form that is used while the editor wrote none, without the closing lines."""
    severity = Severity(page.severity or Severity.CAUTION)
    title, summary = collapse(page.title), collapse(page.summary or "")
    signs, steps = points_of(page.warning_signs), points_of(page.what_to_do)
    victim = points_of(page.if_you_are_a_victim)
    indicators = [f"{item.label}: {item.value}" for item in _indicators(page.indicators)]
    return {
        TextForm.FACEBOOK: compose.facebook_text(
            title, summary, severity.value, signs, steps, indicators=indicators
        ),
        TextForm.ZALO: compose.zalo_text(title, summary, str(severity.label), steps, victim),
        TextForm.SMS: compose.sms_text(title),
        TextForm.LOUDSPEAKER: compose.loudspeaker_script(title, summary, steps),
        TextForm.EMAIL: compose.email_text(
            title,
            summary,
            (
                ("Cách thức hoạt động:", points_of(page.how_it_works)),
                ("Dấu hiệu nhận biết:", signs),
                ("Thông tin đối tượng sử dụng (đã che bớt):", indicators),
                ("Cách phòng tránh:", steps),
                ("Khi đã bị lừa, cần làm gì?", victim),
            ),
            compose.neutral_sample(page.sample_message or ""),
        ),
    }


def _texts(page: ScamWarningPage, hashtags: tuple[str, ...], link: str, reference: str) -> dict[str, str]:
    defaults = default_texts(page)
    close = partial(compose.with_closing, hashtags=hashtags, link=link, reference=reference)
    facebook = close(page.facebook_text or defaults[TextForm.FACEBOOK], limit=compose.FACEBOOK_LIMIT)
    zalo = close(page.zalo_text or defaults[TextForm.ZALO], limit=compose.ZALO_LIMIT)
    email = close(defaults[TextForm.EMAIL], limit=compose.EMAIL_LIMIT)
    return {
        TextForm.EMAIL.value: email,
        TextForm.FACEBOOK.value: facebook,
        TextForm.ZALO.value: compose.without_mentions(zalo),
        TextForm.SMS.value: nfc(page.sms_text or defaults[TextForm.SMS]).strip(),
        TextForm.LOUDSPEAKER.value: nfc(page.loudspeaker_script or defaults[TextForm.LOUDSPEAKER]).strip(),
    }


def _sources(value: StreamValue) -> tuple[SourceRef, ...]:
    kinds = dict(SourceKind.objects.values_list("key", "name"))
    chosen = {child.value.get("registered") for child in value or ()} - {None, ""}
    registered = {
        source.key: source for source in OfficialSource.objects.filter(key__in=chosen).select_related("kind")
    }

    def reference(row: Mapping[str, Any]) -> SourceRef:
        official = registered.get(row.get("registered") or "")
        name = collapse(row["name"] or "") or (official.name if official else "")
        kind = kinds.get(row["kind"] or "", "") or (official.kind.name if official else "")
        return SourceRef(name, kind, row["url"] or "")

    return tuple(reference(child.value) for child in value or ())


def _indicators(value: StreamValue) -> tuple[IndicatorRef, ...]:
    return tuple(
        IndicatorRef(
            child.value["kind"],
            str(IndicatorKind(child.value["kind"]).label),
            masked(child.value["kind"], child.value["value"] or ""),
        )
        for child in value or ()
        if child.value["kind"] in IndicatorKind
    )


def _card(spec: CardSpec, *, alt: str) -> Picture:
    return _sealed(f"card:{canonical_hash(repr(spec))}", lambda: render_card(spec), alt=alt)


def _hero(page: ScamWarningPage) -> Picture | None:
    if page.image is None:
        return None
    image = page.image
    key = f"hero:{image.pk}:{image.file.name}"

    def fitted(**limits: int) -> bytes:
        with image.file.open("rb") as file:
            return fit_image(file.read(), **limits)

    try:
        picture = _sealed(key, partial(fitted, **_HERO), alt=image.description)
        smaller = [
            _sealed(
                f"{key}:{width}",
                partial(fitted, max_bytes=size, max_width=width, max_height=width),
                alt=image.description,
            )
            for width, size in _SMALLER.items()
            if width < picture.width
        ]
    except (OSError, ValueError):
        return None
    return replace(picture, credit=image.credit, smaller=tuple(smaller))


def _sealed(key: str, make: Callable[[], bytes], *, alt: str) -> Picture:
    # The renderers give the same bytes for the same input, so the cache only saves time.
    known = cache.get(f"sealed:{canonical_hash(key)}")
    if known is not None:
        try:
            sealed.use(known[0])
            return Picture(known[0], "image/jpeg", known[1], known[2], alt)
        except sealed.SealedFileDamaged:
            pass
    file = sealed.put(make(), "image/jpeg")
    cache.set(f"sealed:{canonical_hash(key)}", (file.sha256, file.width, file.height), 3600)
    return Picture(file.sha256, "image/jpeg", file.width, file.height, alt)
