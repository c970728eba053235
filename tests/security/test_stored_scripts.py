"""Test plan S2: text is text. With the Content-Security-Policy switched off, so that escaping alone has to hold."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.urls import reverse

from wagtail.models import TaskState

import pytest
from playwright.sync_api import Browser, Route, sync_playwright

from cms.information import seed
from cms.portal import bake
from cms.portal.finished import FinishedFiles
from cms.portal.models import PublicState, PublishedWarning
from cms.users.models import Unit
from cms.users.roles import Role
from publishers.dispatch import drain
from publishers.models import Channel, Delivery, Release
from scam_warnings.agency import AgencySettings
from scam_warnings.models import ScamWarningPage
from scam_warnings.snapshot import IndicatorRef, Named, SourceRef
from tests import factories
from tests.portal import factories as published
from tests.security.scripts import payloads, shown, watched, what_ran
from tests.serving import serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
WARNINGS = 12


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    # The content first: while Playwright runs, Django takes this thread for an asynchronous one.
    request.getfixturevalue(request.param)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        yield opened
        opened.close()


def hostile_snapshot(number: int, text: Iterator[str]):
    """A public warning of which every text is a script, as if nothing on the way in had cleaned it."""

    def point() -> tuple[str, ...]:
        return (next(text), next(text))

    made = published.snapshot(
        f"Cảnh báo {number}", slug=f"xss-{number}", reference=f"CB-2026-{number + 70_000:05d}"
    )
    return replace(
        made,
        title=next(text),
        summary=next(text),
        severity=Named("urgent", next(text)),
        scam_type=Named("gia-danh-co-quan-thue", next(text)),
        scam_type_group=Named("nhom", next(text)),
        audiences=(Named("toan-dan", next(text)),),
        how_it_works=point(),
        warning_signs=point(),
        what_to_do=point(),
        if_you_are_a_victim=point(),
        sample_message=next(text),
        sources=(SourceRef(next(text), "advisory", next(text)),),
        indicators=(IndicatorRef("phone", next(text), next(text)),),
        hashtags=(next(text),),
        agency=next(text),
    )


@pytest.fixture
def portal(live_db: None) -> Iterator[str]:
    """A baked portal that shows every payload somewhere."""
    text = cycle(payloads())
    agency = AgencySettings.load()
    agency.name, agency.parent_name, agency.contact_person, agency.address = (
        next(text)[:100] for _ in range(4)
    )
    agency.save()
    for number in range(WARNINGS):
        sealed = hostile_snapshot(number, text)
        page = published.warning_page(published.snapshot(f"Cảnh báo {number}", slug=sealed.slug))
        published.PortalBackend().publish(published.release(sealed, page=page))
        corrected = replace(sealed, title=next(text))
        published.PortalBackend().publish(published.release(corrected, page=page))
    last = PublishedWarning.objects.filter(slug=f"xss-{WARNINGS - 1}")
    last.update(state=PublicState.WITHDRAWN, note=next(text))
    seed.load(factories.user("soan", Role.EDITOR), factories.user("ky", Role.APPROVER))
    bake.bake_everything()
    with serving(lambda inner: FinishedFiles(StaticFilesHandler(inner))) as address:
        yield address


def portal_pages() -> list[str]:
    words = [quote(text) for text in payloads()[::9]]
    return [
        "/",
        "/canh-bao/",
        "/hinh-thuc/",
        "/hinh-thuc/gia-danh-co-quan-thue/",
        "/doi-tuong/toan-dan/",
        "/dinh-chinh/",
        "/du-lieu-mo/",
        "/nhung/",
        "/kiem-tra/",
        *(f"/canh-bao/xss-{number}/" for number in range(WARNINGS)),
        *(f"/tim-kiem/?q={word}" for word in words),
        *(f"/xac-minh/?ma={word}" for word in words[::4]),
        f"/{words[0]}/",
    ]


@pytest.mark.parametrize("browser", ["portal"], indirect=True)
def test_no_text_of_the_portal_becomes_a_script(browser: Browser, portal: str) -> None:
    context = browser.new_context(bypass_csp=True, service_workers="block")
    page, dialogs = watched(context)
    found, with_text = [], 0
    for path in portal_pages():
        found += what_ran(page, portal + path)
        with_text += shown(page)
    assert (found, dialogs) == ([], [])
    assert with_text > len(portal_pages()) / 2

    # And a script that gets into a page all the same is stopped by the policy.
    def plant(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace("</h1>", "</h1><script>window.__ran = 1</script>", 1)
        route.fulfill(response=answer, body=body)

    ran = {}
    for bypass in (False, True):
        page = browser.new_context(bypass_csp=bypass, service_workers="block").new_page()
        page.route("**/canh-bao/", plant)
        page.goto(f"{portal}/canh-bao/")
        ran[bypass] = page.evaluate("window.__ran === 1")
    assert ran == {False: False, True: True}


def cleanly_hostile(short: Callable[[int], str]) -> dict[str, Any]:
    """Text that passes every gate and is a script all the same."""
    return {
        "title": f"Bẫy {short(86)}",
        "summary": f"Kẻ gian {short(190)}",
        "how_it_works": [short(200), short(200)],
        "warning_signs": [short(200)],
        "sms_text": "",
        "channels": list(Channel.objects.exclude(kind="portal").values_list("name", flat=True)),
    }


@pytest.fixture
def office(live_db: None) -> Iterator[dict[str, Any]]:
    """Where staff work, with every payload in what colleagues wrote; by role, the cookie of somebody signed in."""
    text = cycle(payloads())

    def short(length: int) -> str:
        return next(one for one in text if len(one) <= length)

    unit = factories.unit(short(120))
    people = {}
    for role in (Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR):
        person = factories.user(role.value, role)
        person.first_name, person.last_name = short(150), short(150)
        person.save()
        people[role.value] = person
    factories.user("phuong", Role.EDITOR, unit=unit)
    for number, kind in enumerate(("facebook_page", "zalo_group", "facebook_page")):
        factories.channel(kind, short(120), str(number), unit=unit)
    points = ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim")
    for number in range(8):
        factories.warning(
            people["editor"],
            key=f"x{number}",
            slug=f"xss-{number}",
            title=f"Bẫy {short(86)}",
            summary=f"Kẻ gian {short(190)}",
            details="".join(f"<p>{next(text)}</p>" for _ in range(12)),
            sample_message=next(text),
            facebook_text=next(text),
            zalo_text=next(text),
            loudspeaker_script=next(text),
            **{name: [next(text), next(text)] for name in points},
        )
    # Two go on: one waits for its approver, one is out.
    for number in range(2):
        state = factories.submitted(people["editor"], key=f"y{number}", **cleanly_hostile(short))
        if number:
            factories.approved(state, people["approver"])
            drain("test")
    cookies = {}
    for name, person in people.items():
        client = Client()
        client.force_login(person)
        cookies[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    with serving(StaticFilesHandler) as address:
        yield {"address": address, "pages": office_pages(), **cookies}


def office_pages() -> dict[str, list[str]]:
    """The pages on which each of them reads what the others wrote."""
    warnings = list(ScamWarningPage.objects.order_by("pk").values_list("pk", flat=True))
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    units = Unit.objects.all()
    return {
        "editor": [
            reverse("wagtailadmin_home"),
            reverse("wagtailadmin_explore", args=[ScamWarningPage.objects.first().get_parent().pk]),
            *(reverse("wagtailadmin_pages:edit", args=[pk]) for pk in warnings),
            *(reverse("editorial:submit", args=[pk]) for pk in warnings),
            reverse("wagtailadmin_pages:history", args=[warnings[0]]),
            reverse("editorial:trail", args=[warnings[0]]),
        ],
        "approver": [
            reverse("wagtailadmin_home"),
            reverse("editorial:calendar"),
            *(reverse("editorial:review", args=[state.pk]) for state in states),
        ],
        "administrator": [
            reverse("wagtailadmin_home"),
            reverse("publishers:health"),
            reverse("publishers:deliveries"),
            reverse("publishers:releases"),
            *(reverse("publishers:release", args=[release.pk]) for release in Release.objects.all()),
            *(reverse("publishers:delivery", args=[row.pk]) for row in Delivery.objects.all()),
            reverse("audit:index"),
            reverse("wagtailadmin_reports:site_history"),
            reverse("wagtailusers_users:index"),
            *(reverse("users_units:edit", args=[unit.pk]) for unit in units),
            reverse("publishers_channels:index"),
        ],
    }


@pytest.mark.parametrize("browser", ["office"], indirect=True)
def test_no_text_of_a_colleague_becomes_a_script(browser: Browser, office: dict[str, Any]) -> None:
    found, with_text, seen = [], 0, 0
    for role, paths in office["pages"].items():
        context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 900})
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": office[role], "url": office["address"]}
        context.add_cookies([cookie])
        page, dialogs = watched(context)
        for path in paths:
            found += what_ran(page, office["address"] + path)
            with_text += shown(page)
            seen += 1
        assert dialogs == []
    assert found == []
    assert with_text > seen / 2
