"""Figures: one call a metric, null where there is none, history kept."""

from datetime import timedelta

import pytest

from publishers.models import Delivery, Insight
from publishers.watch import insights
from tests import factories
from tests.delivery.conftest import of, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(lan, minh, sandbox, fanpage, engine):
    release = sign(factories.warning(lan, channels=[fanpage.name]), lan, minh)
    engine.turn()
    engine.turn(30)
    return of(release, fanpage)


def figures(delivery):
    return insights.latest([delivery.pk])[delivery.pk]


def test_nothing_is_asked_before_an_hour_has_passed(post, engine):
    assert insights.collect(engine.now) == 0


def test_figures_are_collected_and_their_history_kept(post, engine, sandbox):
    sandbox.engagement(post.remote_id, views=900, viewers=700, reactions=31, comments=4, shares=12)
    engine.now += timedelta(hours=1)
    assert insights.collect(engine.now) == 1
    assert figures(post) == {
        "views": 900, "viewers": 700, "clicks": 0, "reactions": 31, "comments": 4, "shares": 12,
    }  # fmt: skip
    sandbox.engagement(post.remote_id, views=1500)
    assert insights.collect(engine.now) == 0, "not yet"
    engine.now += timedelta(hours=6)
    insights.collect(engine.now)
    assert figures(post)["views"] == 1500
    assert list(Insight.objects.filter(metric="views").values_list("value", flat=True)) == [900, 1500]


def test_a_metric_the_platform_retired_blanks_only_itself(post, engine, sandbox, settings):
    settings.FACEBOOK_GRAPH_VERSION = "v22.0"
    sandbox.engagement(post.remote_id, views=900, reactions=31)
    engine.now += timedelta(hours=1)
    insights.collect(engine.now)
    found = figures(post)
    assert found["views"] is None
    assert found["viewers"] is None
    assert found["reactions"] == 31


def test_a_platform_that_does_not_answer_gives_no_zero(post, engine, sandbox):
    sandbox.fault("html_502", operation="insights", times=0)
    sandbox.fault("html_502", operation="get_post", times=0)
    engine.now += timedelta(hours=1)
    insights.collect(engine.now)
    assert set(figures(post).values()) == {None}


def test_after_thirty_days_nobody_asks(post, engine):
    Delivery.objects.filter(pk=post.pk).update(
        delivered_at=engine.now - timedelta(days=31), figures_at=engine.now
    )
    insights.collect(engine.now)
    assert Delivery.objects.get(pk=post.pk).figures_at is None
