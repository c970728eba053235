"""The self-check is standing content: nothing of it is public that two people did not agree on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.test import Client

from wagtail.test.utils.form_data import nested_form_data, streamfield

import pytest

from cms.information import approval, seed
from cms.information.models import Edition, Item, SelfCheck
from cms.information.selfcheck.rules import claims_safety
from cms.information.tasks import renew_item
from cms.portal import bake
from tests.information.factories import published, seal, submitted, written

pytestmark = pytest.mark.django_db
LINK = 'href="/kiem-tra/"'


def changed(lan: Any, change: Callable[[dict[str, Any]], None]) -> SelfCheck:
    """The stored draft with ``change`` made to its first question and first outcome, written by ``lan``."""
    draft = SelfCheck.objects.get()
    for part in ("questions", "outcomes"):
        rows = list(getattr(draft, part).raw_data)
        change(rows[0]["value"])
        setattr(draft, part, json.dumps(rows, ensure_ascii=False))
    return written(draft, lan)


def test_without_an_approved_edition_there_is_no_check_and_no_way_to_it(client: Client, lan: Any) -> None:
    draft = submitted(written(seed.self_check(), lan), lan)
    page = client.get("/kiem-tra/")
    assert page.status_code == 200
    assert "chưa có" in page.text
    assert 'href="tel:113"' in page.text
    assert 'href="/hinh-thuc/"' in page.text
    assert "Chuyện gì đang xảy ra" not in page.text
    assert "chưa có" in client.get("/kiem-tra/tin-nhan/").text
    for path in ("/kiem-tra/cuoc-goi/", "/kiem-tra/tin-nhan/du-lieu.json"):
        assert client.get(path).status_code == 404
    for path in ("/", "/tim-kiem/", "/xac-minh/", "/sitemap/trang.xml"):
        assert "/kiem-tra/" not in client.get(path).text, path
    assert draft.edition is None


def test_an_edition_comes_changes_and_goes_with_its_files(
    client: Client, lan: Any, minh: Any, portal_root: Path
) -> None:
    bake.bake_everything()
    home = portal_root / "index.html"
    assert LINK not in home.read_text("utf-8")
    first = published(written(seed.self_check(), lan), lan, minh)
    renew_item.call(first.pk)
    assert LINK in home.read_text("utf-8")
    old = portal_root / "kiem-tra" / "cuoc-goi" / "index.html"
    assert old.exists()

    def rename(value: dict[str, Any]) -> None:
        if value.get("key") == "gia-danh-co-quan":
            value["title"] = "Người gọi giả danh cơ quan nhà nước"

    draft = changed(lan, rename)
    assert "Người gọi giả danh" not in client.get("/kiem-tra/gia-danh-co-quan/").text
    rows = list(draft.questions.raw_data)
    for row in rows:
        row["value"]["key"] = row["value"]["key"].replace("cuoc-goi", "co-nguoi-goi")
        for answer in row["value"]["answers"]:
            inner = answer.get("value", answer)
            inner["leads_to"] = inner["leads_to"].replace("cuoc-goi", "co-nguoi-goi")
    draft.questions = json.dumps(rows, ensure_ascii=False)
    second = published(written(draft, lan), lan, minh)
    renew_item.call(second.pk)
    assert not old.exists()
    assert (portal_root / "kiem-tra" / "co-nguoi-goi" / "index.html").exists()
    told = (portal_root / "kiem-tra" / "gia-danh-co-quan" / "index.html").read_text("utf-8")
    assert "Người gọi giả danh cơ quan nhà nước" in told

    gone = approval.withdraw(Item.objects.get(), minh, note="Đang viết lại", not_secret=True)
    renew_item.call(gone.pk)
    assert "Đang viết lại" in (portal_root / "kiem-tra" / "index.html").read_text("utf-8")
    assert not (portal_root / "kiem-tra" / "co-nguoi-goi" / "index.html").exists()
    assert not (portal_root / "kiem-tra" / "tin-nhan" / "du-lieu.json").exists()
    assert LINK not in home.read_text("utf-8")


def test_what_the_database_was_made_to_say_is_not_shown(client: Client, lan: Any, minh: Any) -> None:
    edition = published(written(seed.self_check(), lan), lan, minh)
    edition.content["check"]["outcomes"][0]["title"] = "Bạn an toàn"
    Edition.objects.filter(pk=edition.pk).update(content=edition.content)
    assert "chưa có" in client.get("/kiem-tra/").text
    assert client.get("/kiem-tra/gia-danh-co-quan/").status_code == 404


def test_the_approver_sees_all_of_it_and_where_an_answer_leads_now(
    client: Client, lan: Any, minh: Any
) -> None:
    published(written(seed.self_check(), lan), lan, minh)

    def redirect(value: dict[str, Any]) -> None:
        if "answers" in value:
            answer = value["answers"][0].get("value", value["answers"][0])
            answer["leads_to"] = "kiem-tien"
            other = value["answers"][3].get("value", value["answers"][3])
            other["leads_to"] = "cuoc-goi"

    draft = submitted(changed(lan, redirect), lan)
    client.force_login(minh)
    page = client.get(f"/admin/noi-dung-cong/{draft.pk}/").text
    assert "gọi hình cho tôi → Người rủ bạn có nói hoặc làm điều nào dưới đây không?" in page
    whole = client.get(f"/admin/noi-dung-cong/{draft.pk}/xem/vi/").text
    check = draft.specific
    for row in [*check.questions, *check.outcomes]:
        assert f'id="{row.value["key"]}"' in whole
    assert 'href="#kiem-tien"' in whole
    assert approval.approve(draft, minh, seen_seal=seal(draft), not_secret=True).number == 2


FAULTS: list[tuple[str, Callable[[dict[str, Any]], None], str]] = [
    (
        "lost",
        lambda value: value["answers"][0].update(leads_to="khong-co"),
        "Không có câu hỏi hoặc kết luận nào",
    ),
    ("circle", lambda value: value["answers"][1].update(leads_to="hoi"), "đi vòng"),
    ("safe", lambda value: value.update(title="Bạn yên tâm"), "dễ bị hiểu là an toàn"),
    ("double", lambda value: value.update(key="hoi"), "Hãy chọn tên khác"),
    ("reserved", lambda value: value.update(key="tin-nhan"), "đã dùng. Hãy chọn địa chỉ khác"),
    ("unreached", lambda value: value.update(key="khong-ai-toi"), "Không câu trả lời nào dẫn tới đây"),
]


def small() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One question and the four outcomes a check needs."""
    verdicts = ("clear", "unsure", "none", "victim")
    outcomes = [
        {
            "key": f"ket-{name}",
            "verdict": name,
            "title": f"Kết luận {name}",
            "text": "Kể với người nhà.",
            "do": ["Dừng lại."],
            "types": [],
        }
        for name in verdicts
    ]
    question = {
        "key": "hoi",
        "question": "Chuyện gì đang xảy ra?",
        "help": "",
        "answers": [{"label": f"Câu trả lời {name}", "leads_to": f"ket-{name}"} for name in verdicts],
    }
    return [question], outcomes


@pytest.mark.parametrize(("name", "change", "message"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_told_at_its_field_and_nothing_typed_is_lost(
    client: Client, lan: Any, name: str, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    questions, outcomes = small()
    change(questions[0] if name in {"lost", "circle"} else outcomes[0])
    client.force_login(lan)
    answer = client.post("/admin/tu-kiem-tra/new/", form(questions, outcomes))
    assert answer.status_code == 200
    part = "questions" if name in {"lost", "circle"} else "outcomes"
    told = str(answer.context["form"].errors.as_data()[part][0].as_json_data())
    assert message in told
    assert "Chuyện gì đang xảy ra?" in json.dumps(
        answer.context["form"]["questions"].value().get_prep_value(), ensure_ascii=False
    )
    assert not SelfCheck.objects.exists()


def test_the_form_stores_a_draft_and_there_is_only_one(client: Client, lan: Any) -> None:
    client.force_login(lan)
    answer = client.post("/admin/tu-kiem-tra/new/", form(*small()))
    draft = SelfCheck.objects.get()
    assert answer.headers["Location"] == f"/admin/noi-dung-cong/{draft.pk}/"
    assert client.get("/admin/tu-kiem-tra/new/").headers["Location"] == answer.headers["Location"]
    assert client.get(f"/admin/tu-kiem-tra/edit/{draft.pk}/").status_code == 200


def test_a_check_without_an_honest_end_is_refused(lan: Any) -> None:
    draft = seed.self_check()
    draft.outcomes = json.dumps(
        [row for row in draft.outcomes.raw_data if row["value"]["verdict"] != "none"], ensure_ascii=False
    )
    with pytest.raises(ValidationError) as refused:
        written(draft, lan)
    told = refused.value.error_dict["outcomes"][0].as_json_data()
    assert "không có nghĩa là an toàn" in str(told["messages"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bạn an toàn.", "an toàn"),
        ("Không thấy dấu hiệu nào, bạn có thể yên tâm.", "yên tâm"),
        ("Đây không phải lừa đảo", "không phải lừa đảo"),
        ("Điều này không có nghĩa là an toàn.", ""),
        ("Chưa đủ để nói đây là lừa đảo, và cũng chưa đủ để nói là an toàn.", ""),
        ("Kẻ gian nói “hoàn toàn an toàn”.", ""),
        ("Để an toàn, hãy gọi lại.", ""),
    ],
)
def test_words_that_claim_safety(text: str, words: str) -> None:
    assert claims_safety(text) == words


def form(questions: list[dict[str, Any]], outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the admin's form sends."""

    def listed(rows: list[Any]) -> dict[str, Any]:
        made: dict[str, Any] = {"count": str(len(rows))}
        for number, row in enumerate(rows):
            made[str(number)] = {"value": row, "order": str(number), "deleted": "", "type": "item"}
        return made

    return nested_form_data(
        {
            "title": "Tôi có đang bị lừa không?",
            "summary": "Vài câu hỏi.",
            "seen_version": "0",
            "advice_clear": "Dừng lại.",
            "advice_unsure": "Hỏi người thân.",
            "advice_none": "Đừng chuyển tiền.",
            "questions": streamfield(
                [("question", row | {"answers": listed(row["answers"])}) for row in questions]
            ),
            "outcomes": streamfield(
                [
                    ("outcome", row | {"do": listed(row["do"]), "types": listed(row["types"])})
                    for row in outcomes
                ]
            ),
            "signs": streamfield([]),
        }
    )
