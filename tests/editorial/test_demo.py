"""The demo content: a correction and a withdrawal made the real way, and nothing twice."""

import pytest

from cms.editorial import demo
from cms.portal.models import PublicState, PublishedWarning
from publishers import dispatch
from publishers.models import Channel, Release
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from scam_warnings.seed import read_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def corrected_only(monkeypatch):
    """Of the many warnings of the seed, the one that is corrected."""
    rows = [row for row in read_data("warnings.json") if row["key"] == demo._CORRECTED]
    monkeypatch.setattr(demo, "read_data", lambda name: rows if name == "warnings.json" else read_data(name))


def test_one_warning_is_corrected_and_one_withdrawn(corrected_only):
    for _time in range(2):
        demo.load_demo()
    kinds = list(Release.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["publication", "correction", "publication", "withdrawal"]
    dispatch.drain("w")
    states = dict(PublishedWarning.objects.values_list("slug", "state"))
    assert states == {
        demo._CORRECTED: PublicState.CORRECTED,
        demo._WITHDRAWN["key"]: PublicState.WITHDRAWN,
    }


def test_a_group_has_its_operator_and_the_feed_is_a_channel(corrected_only):
    demo.load_demo(warnings=False)
    assert Channel.objects.get(kind="assisted").operator is not None
    assert Channel.objects.filter(kind="feed").exists()


@pytest.fixture
def sandbox(settings):
    """Everything the demo sends to, over real HTTP and SMTP."""
    with Sandbox(mail_port=0) as running:
        settings.FACEBOOK_GRAPH_URL = running.graph_url
        settings.FACEBOOK_TOKEN_URL = running.facebook_token_url
        settings.ZALO_OPENAPI_URL = running.zalo_openapi_url
        settings.ZALO_OAUTH_URL = running.zalo_oauth_url
        settings.SANDBOX_URL = running.base_url
        settings.OUTBOUND_ALLOWED_ORIGINS = [running.base_url]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.mail_port
        yield running


def test_correction_and_withdrawal_come_true_on_every_channel(corrected_only, sandbox):
    demo.load_demo()
    while dispatch.drain("w").count:
        pass
    for page in world.PAGES:
        (post,) = sandbox.posts(page.id)
        assert post["edited"], "the correction is an edit, and the withdrawn post is gone"
        assert post["message"].startswith("ĐÍNH CHÍNH: ")
    for group in world.GROUPS:
        texts = [row["text"] for row in sandbox.messages(group.id)]
        assert len(texts) == 4
        assert [text.split(":")[0] for text in (texts[0], texts[2])] == ["THU HỒI", "ĐÍNH CHÍNH"]
    withdrawn, corrected = sandbox.partner_items(world.NEWSPAPER.id)
    assert withdrawn["withdrawn"]
    assert withdrawn["note"] == demo._WITHDRAWAL_NOTE
    assert corrected["changed"]
    assert corrected["note"] == demo._CORRECTION_NOTE
    for address in world.WARD_LEADERS.addresses:
        subjects = [mail["subject"] for mail in sandbox.mails(address)]
        assert len(subjects) == 4
        assert subjects[0].startswith("Thu hồi: ")
        assert subjects[2].startswith("Đính chính: ")


def test_a_sandbox_that_went_away_holds_the_demo_up_for_nothing(corrected_only, sandbox):
    sandbox.stop()
    demo.load_demo()
    states = dict(PublishedWarning.objects.values_list("slug", "state"))
    assert states[demo._WITHDRAWN["key"]] == PublicState.PUBLISHED
    dispatch.drain("w")
    states = dict(PublishedWarning.objects.values_list("slug", "state"))
    assert set(states.values()) == {PublicState.CORRECTED, PublicState.WITHDRAWN}


def test_without_a_sandbox_there_is_no_partner_and_no_mailing_list(corrected_only):
    demo.load_demo(warnings=False)
    assert not Channel.objects.filter(kind__in=["webhook", "email"]).exists()
