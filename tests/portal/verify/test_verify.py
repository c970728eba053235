"""«Xác minh cảnh báo»: honest answers, signed statements that anybody can check, no input that breaks it."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cms.portal import bake
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.publishing import PortalBackend
from cms.portal.verify.answering import Verdict, answer
from cms.portal.verify.recognising import recognise
from publishers.models import Channel
from scam_warnings.agency import AgencySettings
from tests.portal import factories

ROOT = Path(__file__).parents[3]
VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
HOST = "keng.example.gov.vn"
pytestmark = pytest.mark.django_db


def verdicts(text: str) -> list[str]:
    return [finding.verdict.value for finding in answer(text)]


@pytest.fixture
def public() -> PublishedWarning:
    factories.publish(
        factories.snapshot("Giả danh cán bộ thuế gọi điện", slug="thue", reference="CB-2026-00001")
    )
    return PublishedWarning.objects.get()


def withdraw(row: PublishedWarning, note: str = "Thông tin chưa được xác minh.") -> None:
    message = factories.release(row.content(), page=row.page)
    release = row.page.releases.order_by("number").last()
    release.note = note
    release.save(update_fields=["note"])
    payload = release.payloads.get()
    payload.data |= {"withdrawn": True, "note": note}
    payload.save(update_fields=["data"])
    PortalBackend().publish(replace(message, data=dict(payload.data)))


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_what_a_text_names(vector: dict[str, Any]) -> None:
    named = asdict(recognise(vector["text"], HOST))
    if "strangers_any" in vector:
        named.pop("strangers")
    assert {name: list(found) for name, found in named.items()} == {
        name: vector.get(name, []) for name in named
    }


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node found: apt install nodejs")
def test_the_browser_recognises_the_same() -> None:
    script = Path(__file__).with_name("recognise.cjs")
    texts = [vector["text"] for vector in VECTORS]
    made = subprocess.run(
        ["node", script, HOST], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    ours = [{name: list(found) for name, found in asdict(recognise(text, HOST)).items()} for text in texts]
    assert json.loads(made.stdout) == ours


@given(text=st.text(max_size=6000))
@hypothesis_settings(max_examples=150, deadline=2000)
def test_recognising_survives_any_text(text: str) -> None:
    recognise(text, HOST)
    recognise("a." * 3000 + text, HOST)


def test_a_code_an_address_and_a_short_link_are_ours(public: PublishedWarning) -> None:
    site = "http://127.0.0.1:8000"
    for text in ("CB-2026-00001", "cb 2026 00001", f"{site}/canh-bao/thue/", f"{site}/cb/CB-2026-00001/"):
        findings = answer(text)
        assert [finding.verdict for finding in findings] == [Verdict.OURS], text
        assert findings[0].warning == public
    assert verdicts(f"CB-2026-00001 {site}/canh-bao/thue/") == ["ours"]


def test_what_is_not_ours_is_said(public: PublishedWarning) -> None:
    assert verdicts("CB-2026-99999") == ["unknown-code"]
    assert verdicts("http://127.0.0.1:8000/canh-bao/khong-co/") == ["unknown-page"]
    assert verdicts("http://127.0.0.1:8000@evil.example/canh-bao/thue/") == ["strange-address"]
    assert verdicts("xin chào") == ["nothing"]
    # A real code in a message that leads elsewhere: both are said.
    assert verdicts("CB-2026-00001 xem tại https://nop-phi.example") == ["ours", "strange-address"]


def test_a_copied_title_leads_to_the_warning(public: PublishedWarning) -> None:
    assert verdicts("Bà con chú ý: GIA DANH CAN BO THUE GOI DIEN, chia sẻ ngay") == ["ours"]


def test_the_english_page_calls_warnings_in_english_where_it_can(
    public: PublishedWarning, client: Client
) -> None:
    said = factories.english("Well-paid online jobs that cost you")
    factories.publish(factories.snapshot("Việc nhẹ", slug="viec", reference="CB-2026-00002", english=said))
    for asked in ("CB-2026-00002", "Read: well-paid online jobs that cost you", "/en/canh-bao/viec/"):
        page = client.post("/en/xac-minh/", {"q": f"http://127.0.0.1:8000{asked}" if "/" in asked else asked})
        assert '<html lang="en"' in page.text
        assert "This is ours" in page.text
        assert f'href="/en/canh-bao/viec/">{said.title}</a>' in page.text
        assert page["Cache-Control"] == "private, no-store"
    page = client.post("/en/xac-minh/", {"q": "CB-2026-00001"})
    assert f'href="{public.path}" lang="vi" hreflang="vi">{public.title}</a>' in page.text
    # The title of the English version is known to the Vietnamese page as well.
    assert verdicts(said.title) == ["ours"]
    assert 'href="/canh-bao/viec/">Việc nhẹ</a>' in client.post("/xac-minh/", {"q": said.title}).text


def test_corrected_and_withdrawn_are_said(public: PublishedWarning, client: Client) -> None:
    PublishedWarning.objects.update(state=PublicState.CORRECTED, note="Sửa số điện thoại.")
    assert verdicts("CB-2026-00001") == ["corrected"]
    withdraw(public)
    assert verdicts("CB-2026-00001") == ["withdrawn"]
    page = client.get("/xac-minh/?q=CB-2026-00001").text
    assert "Của chúng tôi, đã thu hồi" in page
    assert "Thông tin chưa được xác minh." in page


def test_accounts_and_contacts(public: PublishedWarning, client: Client) -> None:
    Channel.objects.create(
        kind="facebook_page",
        remote_id="1000123",
        name="Trang A",
        identity={"name": "Công an tỉnh Mẫu", "url": "https://www.facebook.com/CongAnTinhMau"},
    )
    agency = AgencySettings.load()
    agency.phone, agency.email = "0225 3842 113", "pa05@tinh.gov.vn"
    agency.save()
    assert verdicts("https://facebook.com/congantinhmau/") == ["our-account"]
    assert verdicts("https://facebook.com/profile.php?id=1000123") == ["our-account"]
    assert verdicts("https://facebook.com/congantinhmau2") == ["strange-account"]
    assert verdicts("công an tỉnh mẫu") == ["our-name"]
    assert verdicts("Gọi 02253842113 gấp") == ["our-contact"]
    assert verdicts("PA05@tinh.gov.vn") == ["our-contact"]
    page = client.get("/xac-minh/").text
    assert 'href="https://www.facebook.com/CongAnTinhMau"' in page


def test_partners_and_mailing_lists_are_not_named(client: Client) -> None:
    Channel.objects.create(kind="webhook", remote_id="x", name="Đối tác kín")
    assert "Đối tác kín" not in client.get("/xac-minh/").text + client.get("/xac-minh/tai-khoan.json").text


def test_statements_are_signed_and_can_be_checked_without_us(
    public: PublishedWarning, portal_root: Path, tmp_path: Path
) -> None:
    bake.bake_everything()
    folder = portal_root / "xac-minh"
    file = folder / "du-lieu/cb-2026-00001.json"

    def check(*arguments: Any) -> subprocess.CompletedProcess[str]:
        # Isolated: nothing but the standard library.
        command = [sys.executable, "-I", "-S", str(ROOT / "deploy/verify_warning.py"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    fine = check("--keys", folder / "khoa.json", file)
    assert fine.returncode == 0, fine.stdout
    assert "CB-2026-00001 published “Giả danh cán bộ thuế gọi điện”" in fine.stdout
    told = json.loads(file.read_text("utf-8"))
    for name, value in (
        ("state", "withdrawn"),
        ("url", "https://evil.example"),
        ("content", {"title": "Khác"}),
    ):
        altered = tmp_path / "altered.json"
        altered.write_text(json.dumps(told | {name: value}, ensure_ascii=False), "utf-8")
        assert check("--keys", folder / "khoa.json", altered).returncode == 1, name
    stranger = "A" * 43 + "="
    assert check("--key", stranger, file).returncode == 1
    assert check("--keys", folder / "khoa.json", tmp_path / "none.json").returncode == 2


def test_a_withdrawal_is_in_the_statement_at_once_and_its_content_gone(
    public: PublishedWarning, portal_root: Path
) -> None:
    withdraw(public)
    told = json.loads((portal_root / "xac-minh/du-lieu/cb-2026-00001.json").read_text("utf-8"))
    assert (told["state"], told["note"]) == ("withdrawn", "Thông tin chưa được xác minh.")
    assert set(told["content"]) == {"title"}


def test_a_new_key_signs_and_the_old_one_stays_published(
    public: PublishedWarning, client: Client, settings: Any
) -> None:
    first = client.get("/xac-minh/khoa.json").json()["keys"]
    settings.PUBLIC_SIGNING_KEYS = ["new", *settings.PUBLIC_SIGNING_KEYS]
    assert client.get("/xac-minh/khoa.json").json()["keys"][1:] == first
    told = client.get("/xac-minh/du-lieu/cb-2026-00001.json").json()
    assert told["signature"]["key"] != first[0]["id"]


def test_nothing_internal_is_in_a_statement(public: PublishedWarning, client: Client) -> None:
    text = client.get("/xac-minh/du-lieu/cb-2026-00001.json").text
    assert "pheduyet" not in text
    assert settings.PUBLIC_SIGNING_KEYS[0] not in text
    assert "bao-cao-vien" not in text


def test_the_warning_page_names_its_statement(public: PublishedWarning, client: Client) -> None:
    assert (
        'type="application/json" href="/xac-minh/du-lieu/cb-2026-00001.json"'
        in client.get("/canh-bao/thue/").text
    )


def test_a_form_can_be_sent_without_script_token_or_cookie(public: PublishedWarning) -> None:
    strict = Client(enforce_csrf_checks=True)
    sent = strict.post("/xac-minh/", {"q": "CB-2026-00001"})
    assert sent.status_code == 200
    assert "Đúng là của chúng tôi" in sent.text
    assert sent["Cache-Control"] == "private, no-store"
    assert not sent.cookies
    assert strict.put("/xac-minh/").status_code == 405


HOSTILE = [
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass"),
    b"\xff\xfe",
    "'\"><script>",
    "CB-2026-" + "9" * 4000,
    "a." * 40_000,
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_just_text(client: Client, raw: Any) -> None:
    assert client.post("/xac-minh/", {"q": raw}).status_code == 200
    body = b"q=" + (raw if isinstance(raw, bytes) else raw.encode())
    for kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; charset=none",
    ):
        assert client.generic("POST", "/xac-minh/", body, kind).status_code < 500


def test_a_megabyte_is_answered_and_more_refused(client: Client) -> None:
    assert client.post("/xac-minh/", {"q": "lừa đảo " * 100_000}).status_code == 200
    assert (
        client.post(
            "/xac-minh/", b"q=" + b"a" * 3_000_000, content_type="application/x-www-form-urlencoded"
        ).status_code
        < 500
    )


@given(raw=st.text(max_size=500))
@hypothesis_settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_answered(client: Client, raw: str) -> None:
    assert client.get("/xac-minh/", {"q": raw.encode("utf-8", "replace").decode()}).status_code == 200
