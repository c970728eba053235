"""Secrets: encrypted, renewed once, never lost, never shown."""

import logging
import threading
from datetime import timedelta

from django.db import connection
from django.utils import timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishers import credentials
from publishers.contracts import AuthExpired, OutcomeUnknown, Temporary
from publishers.credentials import CredentialHandle, enter, reseal_all, seal, store, unseal
from publishers.models import Credential

OLD = {
    "access_token": "old-CANARY",
    "refresh_token": "r-old-CANARY",
    "app_id": "7",
    "expires_at": "2026-12-01T00:00:00+07:00",
}
NEW = {"access_token": "new-CANARY", "refresh_token": "r-new-CANARY", "expires_at": "1796000000"}


def account(**secrets) -> Credential:
    made = Credential(label="OA", kind="zalo_oa")
    store(made, OLD | secrets)
    return made


def lost(secrets):
    raise OutcomeUnknown("mất phản hồi")


@pytest.mark.django_db
class TestRotation:
    def test_secrets_are_stored_encrypted_with_their_end_in_a_column(self):
        made = account()
        assert "CANARY" not in made.sealed_secrets
        assert CredentialHandle(made.pk).read() == OLD
        assert made.expires_at.isoformat() == "2026-12-01T00:00:00+07:00"

    def test_a_new_pair_is_committed_and_keeps_what_it_does_not_name(self):
        made = account()
        handle = CredentialHandle(made.pk)
        assert handle.rotate(lambda s: {**NEW, "app_id": ""}, stale="old-CANARY") == OLD | NEW
        assert CredentialHandle(made.pk).read() == OLD | NEW
        made.refresh_from_db()
        assert (made.rotation_token, made.rotation_until) == ("", None)
        assert made.expires_at.timestamp() == 1796000000

    def test_who_comes_with_an_old_token_gets_the_new_one_without_a_refresh(self):
        handle = CredentialHandle(account().pk)
        assert handle.rotate(lost, stale="even-older")["access_token"] == "old-CANARY"

    @pytest.mark.parametrize("refresh", [lost, lambda s: {}, lambda s: {"access_token": ""}, lambda s: 1 / 0])
    def test_after_a_lost_reply_the_old_pair_stays_and_its_code_is_never_used_again(self, refresh):
        made = account()
        handle = CredentialHandle(made.pk)
        with pytest.raises(OutcomeUnknown):
            handle.rotate(refresh, stale="old-CANARY")
        assert handle.read() == OLD
        made.refresh_from_db()
        assert (made.rotation_outcome_unknown, made.health) == (True, Credential.Health.OK)
        with pytest.raises(AuthExpired):
            handle.rotate(lambda s: pytest.fail("used again"), stale="old-CANARY")
        made.refresh_from_db()
        assert made.health == Credential.Health.RECONNECT_REQUIRED

    def test_a_worker_that_died_while_renewing_counts_as_a_lost_reply(self):
        made = account()
        Credential.objects.update(rotation_token="dead", rotation_until=timezone.now() - timedelta(seconds=1))
        with pytest.raises(AuthExpired):
            CredentialHandle(made.pk).rotate(lambda s: pytest.fail("used again"), stale="old-CANARY")
        made.refresh_from_db()
        assert made.rotation_outcome_unknown

    def test_a_definite_refusal_needs_a_person_and_frees_the_lock(self):
        made = account()

        def refused(secrets):
            raise AuthExpired("Kết nối lại Zalo.")

        with pytest.raises(AuthExpired):
            CredentialHandle(made.pk).rotate(refused, stale="old-CANARY")
        made.refresh_from_db()
        assert (made.health, made.rotation_token) == (Credential.Health.RECONNECT_REQUIRED, "")
        assert made.health_note == "Kết nối lại Zalo."

    def test_an_unreached_platform_changes_nothing(self):
        made = account()

        def unreached(secrets):
            raise Temporary("không tới nơi")

        with pytest.raises(Temporary):
            CredentialHandle(made.pk).rotate(unreached, stale="old-CANARY")
        assert (
            CredentialHandle(made.pk).rotate(lambda s: NEW, stale="old-CANARY")["access_token"]
            == "new-CANARY"
        )

    def test_waiting_for_another_worker_is_bounded(self, settings):
        settings.PUBLISH_CONNECT_TIMEOUT = settings.PUBLISH_READ_TIMEOUT = 0.01
        made = account()
        hour = timezone.now() + timedelta(hours=1)
        Credential.objects.update(rotation_token="busy", rotation_until=hour)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(credentials, "LEASE_MARGIN", 0.1)
            with pytest.raises(Temporary):
                CredentialHandle(made.pk).rotate(lambda s: pytest.fail("not ours"), stale="old-CANARY")

    def test_a_pair_that_comes_after_the_lease_is_kept_it_is_the_only_valid_one(self):
        made = account()

        def slow(secrets):
            Credential.objects.update(rotation_token="", rotation_until=None, rotation_outcome_unknown=True)
            return NEW

        CredentialHandle(made.pk).rotate(slow, stale="old-CANARY")
        made.refresh_from_db()
        assert not made.rotation_outcome_unknown
        assert CredentialHandle(made.pk).read()["access_token"] == "new-CANARY"

    def test_what_a_person_entered_meanwhile_wins(self):
        made = account()

        def slow(secrets):
            store(Credential.objects.get(pk=made.pk), OLD | {"access_token": "typed-CANARY"})
            return NEW

        got = CredentialHandle(made.pk).rotate(slow, stale="old-CANARY")
        assert got["access_token"] == "typed-CANARY"

    def test_old_keys_still_open_and_the_newest_seals(self, settings):
        settings.CREDENTIAL_KEYS = ["một"]
        made = account()
        settings.CREDENTIAL_KEYS = ["hai", "một"]
        assert CredentialHandle(made.pk).read() == OLD
        store(made, OLD)
        settings.CREDENTIAL_KEYS = ["hai"]
        assert CredentialHandle(made.pk).read() == OLD
        settings.CREDENTIAL_KEYS = ["ba"]
        with pytest.raises(AuthExpired) as caught:
            CredentialHandle(made.pk).read()
        assert caught.value.code == "secrets_unreadable"
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None

    def test_nothing_shows_a_secret(self, caplog):
        made = account()
        handle = CredentialHandle(made.pk)
        with caplog.at_level(logging.DEBUG), pytest.raises(OutcomeUnknown) as caught:
            handle.rotate(lambda s: 1 / len(s["access_token"] * 0), stale="old-CANARY")
        shown = [
            repr(handle),
            str(handle),
            repr(made),
            str(made),
            str(vars(made)),
            str(caught.value),
            caplog.text,
        ]
        assert "CANARY" not in " ".join(shown)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


@pytest.mark.django_db
class TestEntering:
    def test_an_empty_value_keeps_what_is_stored_and_a_new_access_forgets_the_old_ends(self):
        made = account(reconnect_by="2027-01-01T00:00:00+07:00")
        assert made.reconnect_by is not None
        enter(made, {"access_token": "", "app_id": " 8 "})
        assert CredentialHandle(made.pk).read()["app_id"] == "8"
        assert made.reconnect_by is not None
        enter(made, {"access_token": "typed-CANARY"})
        assert (made.expires_at, made.reconnect_by) == (None, None)
        assert CredentialHandle(made.pk).read()["refresh_token"] == "r-old-CANARY"

    def test_the_day_to_reconnect_by_lives_through_a_renewal(self):
        made = account(reconnect_by="1800000000")
        CredentialHandle(made.pk).rotate(lambda s: NEW, stale="old-CANARY")
        made.refresh_from_db()
        assert made.reconnect_by.timestamp() == 1800000000
        later = {"access_token": "newer", "reconnect_by": "1900000000"}
        CredentialHandle(made.pk).rotate(lambda s: later, stale="new-CANARY")
        made.refresh_from_db()
        assert made.reconnect_by.timestamp() == 1900000000

    @pytest.mark.parametrize(
        ("entered", "unknown", "health"),
        [
            ({"refresh_token": "typed"}, False, "ok"),
            ({"access_token": "typed"}, True, "ok"),
            ({"refresh_token": "r-old-CANARY"}, True, "reconnect_required"),
            ({"app_id": "8"}, True, "reconnect_required"),
        ],
    )
    def test_only_a_new_renewal_code_ends_what_a_lost_renewal_left_behind(self, entered, unknown, health):
        made = account()
        Credential.objects.update(rotation_outcome_unknown=True, health="reconnect_required")
        enter(made, entered)
        assert (made.rotation_outcome_unknown, made.health) == (unknown, health)

    def test_the_pace_and_the_probe_of_an_account_survive_an_entry(self):
        made = account()
        hour = timezone.now() + timedelta(hours=1)
        Credential.objects.update(open_at=hour, probed_at=hour)
        store(made, OLD)
        enter(made, {"app_id": "8"})
        made.refresh_from_db()
        assert (made.open_at, made.probed_at) == (hour, hour)

    def test_what_no_key_opens_is_replaced_as_a_whole(self, settings):
        made = account()
        settings.CREDENTIAL_KEYS = ["another"]
        enter(made, NEW)
        assert CredentialHandle(made.pk).read() == NEW

    def test_a_forgotten_secret_is_gone(self):
        made = account()
        enter(made, {}, drop=["app_id"])
        assert "app_id" not in CredentialHandle(made.pk).read()


@pytest.mark.django_db
class TestKeys:
    def test_after_resealing_the_old_key_is_not_needed(self, settings):
        settings.CREDENTIAL_KEYS = ["một"]
        made = account()
        other = Credential(label="Khác", kind="facebook")
        store(other, {"page_token": "CANARY"})
        settings.CREDENTIAL_KEYS = ["hai", "một"]
        assert CredentialHandle(made.pk).read() == OLD
        assert reseal_all() == 2
        settings.CREDENTIAL_KEYS = ["hai"]
        assert CredentialHandle(made.pk).read() == OLD
        assert CredentialHandle(other.pk).read() == {"page_token": "CANARY"}

    def test_what_no_key_opens_stays_and_the_rest_is_done(self, settings):
        account()
        settings.CREDENTIAL_KEYS = ["hai"]
        readable = Credential(label="Khác", kind="facebook")
        store(readable, {"page_token": "CANARY"})
        assert reseal_all() == 1

    def test_resealing_while_a_renewal_runs_does_not_lose_its_pair(self):
        made = account()

        def slow(secrets):
            assert reseal_all() == 1
            return NEW

        CredentialHandle(made.pk).rotate(slow, stale="old-CANARY")
        assert CredentialHandle(made.pk).read() == OLD | NEW

    def test_what_is_kept_between_two_requests_opens_with_our_keys_only(self, settings):
        sealed = seal({"token": "CANARY"})
        assert "CANARY" not in sealed
        assert unseal(sealed) == {"token": "CANARY"}
        settings.CREDENTIAL_KEYS = ["hai"]
        assert unseal(sealed) == {}
        assert unseal("") == {}


def test_of_many_workers_one_renews_and_all_get_the_new_pair(live_db):
    made = account()
    calls, results, errors = [], [], []
    started = threading.Barrier(5)

    def refresh(secrets):
        calls.append(secrets["refresh_token"])
        return NEW

    def worker():
        try:
            started.wait()
            results.append(CredentialHandle(made.pk).rotate(refresh, stale="old-CANARY")["access_token"])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (errors, calls, results) == ([], ["r-old-CANARY"], ["new-CANARY"] * 5)


@given(text=st.text(max_size=40))
def test_any_text_as_end_of_access_is_a_time_or_none(text):
    moment = credentials._moment(text)
    assert moment is None or moment.tzinfo is not None
