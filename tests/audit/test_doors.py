"""Every door leaves an entry: who, what, when, from where, before and after."""

import json
import re

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from wagtail.models import Page, TaskState

import pytest

from cms.audit.models import Entry
from cms.editorial.declarations import content_hash
from cms.users.models import Unit, User
from cms.users.roles import Role
from publishers.models import Channel, Credential, Operator
from scam_warnings.agency import AgencySettings
from scam_warnings.models import ScamWarningPage
from scam_warnings.taxonomy import Hotline, ScamType
from tests import factories

pytestmark = pytest.mark.django_db
FROM = {"REMOTE_ADDR": "203.0.113.7"}


def last(action: str = "", **wanted: str) -> Entry:
    rows = Entry.objects.filter(**wanted)
    return (rows.filter(action=action) if action else rows).order_by("-id")[0]


def changes(entry: Entry) -> dict:
    return json.loads(entry.changes)


def details(entry: Entry) -> dict:
    return json.loads(entry.details)


def signed_in(user: User) -> Client:
    client = Client(**FROM)
    client.force_login(user)
    return client


def test_signing_in_and_out_and_failing_to(lan):
    client = Client(**FROM)
    sign_in = reverse("account_login")
    client.post(sign_in, {"login": "lan", "password": "wrong"})
    failed = last("audit.sign_in_failed")
    assert (failed.object_id, failed.login, failed.address) == (str(lan.pk), "", "203.0.113.7")

    client.post(sign_in, {"login": "lan", "password": factories.PASSWORD})
    entry = last("audit.sign_in")
    assert (entry.login, entry.way, entry.place, entry.address) == ("lan", "web", sign_in, "203.0.113.7")

    client.post(reverse("account_logout"))
    assert last("audit.sign_out").login == "lan"
    assert not Entry.objects.filter(changes__contains="last_login").exists()


def test_a_password_typed_into_the_wrong_field_is_not_kept(site):
    Client().post(reverse("account_login"), {"login": "Hunter-2-canary", "password": "x"})
    entry = last("audit.sign_in_failed")
    assert details(entry) == {"known": False}
    assert "canary" not in json.dumps([entry.folded, entry.object_label, entry.details]).lower()


def test_a_person_stands_with_name_and_unit_as_they_were(site):
    unit = Unit.objects.create(name="Phòng PA05")
    user = factories.user("hoa", Role.ADMINISTRATOR)
    user.last_name, user.first_name, user.unit = "Đặng", "Hòa", unit
    user.save()
    signed_in(user).post(
        reverse("publishers_operators:add"), {"name": "Chị Mai", "email": "mai@example.vn", "is_active": "on"}
    )
    entry = last("audit.create", object_type="publishers.operator")
    assert (entry.actor, entry.unit, entry.actor_id) == ("Đặng Hòa", "Phòng PA05", user.pk)
    user.last_name, user.unit = "Nguyễn", None
    user.save()
    entry.refresh_from_db()
    assert (entry.actor, entry.unit) == ("Đặng Hòa", "Phòng PA05")


def test_setting_up_is_recorded_once_with_before_and_after(nam):
    client = signed_in(nam)
    client.post(
        reverse("publishers_operators:add"), {"name": "Mai", "email": "a@example.vn", "is_active": "on"}
    )
    operator = Operator.objects.get()
    made = Entry.objects.filter(object_type="publishers.operator")
    assert [entry.action for entry in made] == ["audit.create"]

    client.post(
        reverse("publishers_operators:edit", args=[operator.pk]),
        {"name": "Mai", "email": "b@example.vn", "is_active": "on"},
    )
    assert changes(last("audit.change", object_type="publishers.operator")) == {
        "email": ["a@example.vn", "b@example.vn"]
    }
    client.post(reverse("publishers:operator_revoke", args=[operator.pk]))
    assert changes(last("audit.change", object_type="publishers.operator")) == {"link_version": [1, 2]}
    root = signed_in(factories.user("root", superuser=True))
    root.post(reverse("publishers_operators:delete", args=[operator.pk]))
    assert changes(last("audit.delete", object_type="publishers.operator"))["email"] == ["b@example.vn", None]
    assert made.all().count() == 4


def test_saving_without_a_change_still_says_that_somebody_saved(nam):
    operator = Operator.objects.create(name="Mai", email="a@example.vn")
    signed_in(nam).post(
        reverse("publishers_operators:edit", args=[operator.pk]),
        {"name": "Mai", "email": "a@example.vn", "is_active": "on"},
    )
    entry = last(object_type="publishers.operator")
    assert (entry.action, changes(entry)) == ("wagtail.edit", {})


def test_roles_rights_and_accounts(nam):
    hoa = factories.user("hoa", Role.EDITOR)
    approvers = Group.objects.get(name="approver")
    hoa.groups.add(approvers)
    entry = last("audit.change", object_type="users.user", object_id=str(hoa.pk))
    assert changes(entry) == {"groups": [[], [f"approver (#{approvers.pk})"]]}

    approvers.user_set.remove(hoa)
    entry = last("audit.change", object_type="users.user", object_id=str(hoa.pk))
    assert changes(entry) == {"groups": [[f"approver (#{approvers.pk})"], []]}

    hoa.groups.clear()
    assert "editor" in changes(last(object_id=str(hoa.pk)))["groups"][0][0]

    approvers.permissions.clear()
    assert changes(last(object_type="auth.group"))["permissions"][1] == []

    hoa.set_password("another-long-password")
    hoa.save()
    assert changes(last(object_id=str(hoa.pk))) == {"password": [{"secret": True}, {"secret": True}]}


def test_what_a_group_may_do_with_pages(nam):
    root = factories.user("root", superuser=True)
    group = Group.objects.create(name="khách")
    address = reverse("wagtailusers_groups:edit", args=[group.pk])
    client = signed_in(root)
    forms = re.findall(r'name="(\w+)-TOTAL_FORMS"', client.get(address).content.decode())
    empty = {
        f"{prefix}-{name}": value
        for prefix in forms
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 0))
    }
    may_add = Permission.objects.get(content_type__app_label="wagtailcore", codename="add_page")
    right = {
        "page_permissions-TOTAL_FORMS": 1,
        "page_permissions-0-page": Page.objects.get(depth=1).pk,
        "page_permissions-0-permissions": [may_add.codename],
    }
    answer = client.post(address, {"name": "khách", **empty, **right})
    assert answer.status_code == 302, [getattr(p, "errors", "") for p in answer.context["permission_panels"]]
    gone, new = changes(last("audit.change", object_type="auth.group"))["page_and_collection_rights"]
    assert gone == []
    assert len(new) == 1


def test_words_and_agency(nam):
    kind = ScamType.objects.first()
    kind.name = "Tên mới"
    kind.save()
    assert changes(last("audit.change"))["name"][1] == "Tên mới"
    hotline = Hotline.objects.first()
    hotline.shown = not hotline.shown
    hotline.save()
    assert set(changes(last("audit.change"))) == {"shown"}
    agency = AgencySettings.load()
    agency.phone = "113"
    agency.save()
    assert changes(last())["phone"][1] == "113"


def test_a_changed_key_is_named(nam):
    one = Operator.objects.create(name="Mai")
    two = Operator.objects.create(name="Lan")
    channel = factories.channel("assisted", "Nhóm Zalo", operator=one)
    channel.operator = two
    channel.save()
    assert changes(last(object_type="publishers.channel")) == {
        "operator": [f"Mai (#{one.pk})", f"Lan (#{two.pk})"]
    }


def test_writing_submitting_returning_approving_and_withdrawing(lan, minh):
    writer, approver = signed_in(lan), signed_in(minh)
    page = factories.warning(lan)
    kind = {"object_type": "scam_warnings.scamwarningpage", "object_id": str(page.pk)}
    created = last("wagtail.create", **kind)
    assert created.login == "lan"
    assert changes(created)["title"] == [None, page.title]

    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert writer.post(edit, factories.form_data(page, title="Tiêu đề mới")).status_code == 302
    edited = last("wagtail.edit", **kind)
    assert changes(edited) == {"title": [page.title, "Tiêu đề mới"]}
    assert (edited.login, edited.place) == ("lan", edit)

    state = _submitted(writer, page)
    assert last("wagtail.workflow.start", **kind).login == "lan"

    review = reverse("editorial:review", args=[state.pk])
    approver.post(review, {"decision": "return", "comment": "Thiếu nguồn tin"})
    returned = last("wagtail.workflow.reject", **kind)
    assert returned.login == "minh"
    assert "Thiếu nguồn tin" in returned.details

    state = _submitted(writer, page)
    review = reverse("editorial:review", args=[state.pk])
    seal = approver.get(review).context["draft"].seal
    approver.post(review, {"decision": "approve", "seal": seal, "not_secret": "on"})
    approved = last("keng.approve", **kind)
    assert (approved.login, details(approved)["seal"]) == ("minh", seal)
    assert last("keng.approve").group == approved.group

    withdraw = reverse("editorial:withdraw", args=[page.pk])
    draft = approver.post(withdraw, {"note": "Nhầm"}).context["draft"]
    approver.post(withdraw, {"note": "Nhầm", "seal": draft.seal, "not_secret": "on"})
    assert details(last("keng.withdraw", **kind))["reason"] == "Nhầm"


def _submitted(writer: Client, page: ScamWarningPage) -> TaskState:
    latest = ScamWarningPage.objects.get(pk=page.pk).get_latest_revision()
    data = {"seen": content_hash(latest), "not_secret": "on"}
    assert writer.post(reverse("editorial:submit", args=[page.pk]), data).status_code == 302
    return ScamWarningPage.objects.get(pk=page.pk).current_workflow_task_state


def test_what_fails_leaves_nothing(lan):
    page = factories.warning(lan)
    count = Entry.objects.count()
    client = signed_in(lan)
    before = Entry.objects.count()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.post(edit, factories.form_data(page, title="")).status_code == 200
    assert Entry.objects.count() == before == count + 1  # the sign-in


def test_exports_and_downloads(nam):
    client = signed_in(nam)
    answer = client.get(reverse("wagtailusers_users:index"), {"export": "csv"})
    assert answer.status_code == 200
    list(answer.streaming_content) if answer.streaming else None
    client.get(reverse("audit:index"), {"export": "xlsx", "words": "lan"})
    entry = last("audit.export")
    assert (entry.login, details(entry)) == ("nam", {"format": "xlsx", "filter": {"words": ["lan"]}})


def test_an_address_claimed_by_a_stranger_does_not_count(lan, settings):
    def seen(remote: str, forwarded: str) -> str:
        client = Client(REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
        client.post(reverse("account_login"), {"login": "lan", "password": "wrong"})
        return last("audit.sign_in_failed").address

    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert seen("198.51.100.1", "1.2.3.4") == "198.51.100.1"
    assert seen("10.0.0.2", "1.2.3.4") == "1.2.3.4"
    assert seen("10.0.0.2", "6.6.6.6, 1.2.3.4, 10.1.1.1") == "1.2.3.4"
    assert seen("10.0.0.2", "no address") == "10.0.0.2"
    assert seen("::ffff:10.0.0.2", "2001:db8::1") == "2001:db8::1"


def test_addresses_are_counted_and_not_copied(nam):
    channel = factories.channel("email", "Tổ trưởng dân phố", "to-truong")
    address, client = reverse("publishers:mailing", args=[channel.pk]), signed_in(nam)
    client.post(address, {"addresses": "mai@example.vn\nlan@example.vn"})
    assert details(last("audit.change", object_type="publishers.channel")) == {"addresses_added": 2}
    client.post(address, {"leave": "mai@example.vn"})
    entry = last("audit.change", object_type="publishers.channel")
    assert details(entry) == {"addresses_off": 1}
    assert not Entry.objects.filter(folded__contains="mai@example.vn").exists()


def test_no_secret_reaches_the_trail(nam):
    canary = "canary-5f3a9c1d7e"
    client = signed_in(nam)
    client.post(
        reverse("publishers_accounts:add"),
        {
            "label": "Trang",
            "kind": "facebook_page",
            "page_token": canary,
            "access_token": canary,
            "app_secret": canary,
            "app_id": "1",
        },
    )
    account = Credential.objects.filter(label="Trang").first() or Credential.objects.create(
        label="Trang", kind="facebook_page", sealed_secrets=canary
    )
    account.sealed_secrets = f"{canary}-2"
    account.save()
    nam.set_password(canary)
    nam.save()
    Client().post(reverse("account_login"), {"login": canary, "password": canary})
    token = f"{canary}-of-a-password-reset-that-is-long"
    Client().post(f"/admin/password_reset/confirm/MQ/{token}/", {"new_password1": canary})
    Channel.objects.create(name="Kênh", kind="webhook", remote_id="1", options={"signing_secret": canary})
    for entry in Entry.objects.all():
        assert canary not in json.dumps(list(entry.__dict__.values()), default=str)
