"""What search engines are told: what the page says, in schema.org's words."""

import json
import re
from typing import Any

from django.test import Client

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.portal import structured
from cms.portal.models import PublicState, PublishedWarning
from scam_warnings.agency import AgencySettings
from tests.portal import factories

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told(text: str) -> Any:
    (found,) = BLOCK.findall(text)
    return json.loads(found)


@pytest.mark.django_db
def test_a_warning_is_an_article_of_its_agency_with_the_way_to_it(client: Client) -> None:
    factories.publish(factories.snapshot(expires_on="2036-01-01"))
    warning = PublishedWarning.objects.get()
    article, trail = told(client.get(warning.path).text)
    assert article["headline"] == warning.title
    assert article["publisher"] == {
        "@type": "GovernmentOrganization",
        "name": "Công an tỉnh",
        "url": "http://127.0.0.1:8000/",
    }
    assert article["datePublished"] == warning.published_at.isoformat(timespec="seconds")
    assert article["image"].endswith(".jpg")
    assert [one["audienceType"] for one in article["audience"]] == ["Người dân"]
    assert [one["item"].removeprefix("http://127.0.0.1:8000") for one in trail["itemListElement"]] == [
        "/hinh-thuc/",
        "/hinh-thuc/gia-danh-co-quan-thue/",
        warning.path,
    ]


@pytest.mark.django_db
def test_home_tells_of_the_search_and_a_withdrawn_warning_tells_nothing(client: Client) -> None:
    agency = AgencySettings.load()
    agency.name = "Công an tỉnh Mẫu"
    agency.save()
    factories.publish()
    site = told(client.get("/").text)
    assert site["publisher"]["name"] == "Công an tỉnh Mẫu"
    assert site["potentialAction"]["target"] == "http://127.0.0.1:8000/tim-kiem/?q={q}"
    PublishedWarning.objects.update(state=PublicState.WITHDRAWN)
    assert not BLOCK.search(client.get(PublishedWarning.objects.get().path).text)


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=40), max_size=3))
@example({"</script>": "<!-- <script>&amp;"})
def test_no_text_ends_the_block(data: Any) -> None:
    made = structured.script(data)
    assert made.count("<") == 2
    assert told(made) == data
