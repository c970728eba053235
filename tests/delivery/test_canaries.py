"""No access token anywhere but in the one encrypted column: not in a log, a page, an answer, a row or an error."""

import logging

from django.db import connection
from django.urls import reverse

import pytest

from cms.users.roles import Role
from publishers import services
from publishers.contracts import PublishError
from publishers.models import Credential, Delivery
from publishers.sandbox import world
from publishers.watch import insights, probes, reconcile
from tests import factories
from tests.delivery.conftest import sign

pytestmark = pytest.mark.django_db
CANARIES = (
    world.PROVINCE_PAGE.access_token,
    world.FACEBOOK_APP_SECRET,
    world.ZALO_SECRET_KEY,
    world.ZALO_ACCESS_TOKEN,
    world.ZALO_REFRESH_TOKEN,
)
MODES = ("html_502", "bad_json", "effect_then_error", "timeout_no_effect", "refuse", "empty_200")


def every_text() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        names = [n for n in connection.introspection.table_names(cursor) if not n.startswith("sqlite_")]
        parts = []
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')
            parts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(parts)


@pytest.mark.parametrize("mode", MODES)
def test_no_token_is_ever_shown_written_or_logged(
    mode, lan, minh, sandbox, fanpage, group, engine, caplog, client
):
    caplog.set_level(logging.DEBUG)
    sandbox.fault(mode, times=0, seconds=0.1)
    release = sign(factories.warning(lan, channels=[fanpage.name, group.name]), lan, minh)
    errors = []
    for _ in range(4):
        engine.turn(200)
    for channel in (fanpage, group):
        try:
            services.check_channel(channel)
        except PublishError as error:
            errors.append(f"{error!r} {error.__cause__!r} {error.__context__!r}")
    probes.probe(engine.now)
    reconcile.reconcile(engine.now)
    Delivery.objects.update(figures_at=engine.now)
    insights.collect(engine.now)
    client.force_login(factories.user("quan", Role.ADMINISTRATOR))
    pages = [reverse(f"publishers:{name}") for name in ("releases", "deliveries", "health", "banner")]
    pages += [
        reverse("publishers:release", args=[release.pk]),
        reverse("publishers_accounts:index"),
        "/readyz",
    ]
    pages += [reverse("publishers:delivery", args=[row.pk]) for row in release.deliveries.all()]
    pages += [reverse("publishers_accounts:edit", args=[row.pk]) for row in Credential.objects.all()]
    pages += [reverse("publishers:connect", args=[row.pk]) for row in Credential.objects.all()]
    shown = "".join(client.get(page).content.decode() for page in pages)
    everything = shown + caplog.text + every_text() + "".join(errors)
    for canary in CANARIES:
        assert canary not in everything
