"""Two of everything at once: approvers, an editor and an approver, workers, watches (test plan D3, D4)."""

from functools import partial
from html import unescape

from django.urls import reverse

from wagtail.models import PageLogEntry, TaskState

import pytest

from cms.users.roles import Role
from publishers.models import Attempt, Channel, Delivery, Discrepancy, Notice, Release
from publishers.sandbox.state import Post
from publishers.states import State
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.faults.figures import Figures
from tests.faults.points import PAGE
from tests.faults.seeds import APPROVALS
from tests.faults.stage import Stage, approver, editor, submit_more, until, waiting
from tests.faults.web import Browser, at_once, hidden, web

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

TOO_LATE = ("Cảnh báo này không còn chờ bạn quyết định", "Phiên bản này đã được duyệt và phát hành.")
CHANGED = "Cảnh báo đã được chỉnh sửa sau khi bạn mở trang này."


def test_of_two_approvers_in_the_same_moment_one_signs_and_the_other_is_told(
    stage: Stage, figures: Figures
) -> None:
    submit_more(APPROVALS - len(waiting()))
    both = [approver(), factories.user("pheduyet2", Role.APPROVER)]
    widest = 0.0
    with web(stage) as address:
        browsers = [Browser(address, user) for user in both]
        for task_state in waiting()[:APPROVALS]:
            path = reverse("editorial:review", args=[task_state.pk])
            presses = [partial(browser.press, path, signature(browser, path)) for browser in browsers]
            replies, apart = at_once(*presses)
            widest = max(widest, apart)
            page = ScamWarningPage.objects.get(pk=task_state.workflow_state.object_id)
            assert [reply.status_code for reply in replies] == [200, 200], stage.told()
            done = reverse("editorial:deliveries", args=[page.pk])
            winners = [reply for reply in replies if reply.url.endswith(done)]
            assert len(winners) == 1, [reply.url for reply in replies]
            [loser] = [reply for reply in replies if reply is not winners[0]]
            assert any(sentence in unescape(loser.text) for sentence in TOO_LATE), loser.url
            assert_released_once(page)
    figures.lines.append(
        f"two approvers at once: {APPROVALS} times, at most {1000 * widest:.1f} ms apart, one set each"
    )


def assert_released_once(page: ScamWarningPage) -> None:
    """One release, one delivery for each channel, one entry in the audit log, the workflow ended."""
    [release] = Release.objects.filter(page=page)
    wanted = {channel.pk for channel in page.get_latest_revision_as_object().channels.all()}
    wanted |= set(Channel.objects.filter(kind="portal").values_list("pk", flat=True))
    assert sorted(release.deliveries.values_list("channel_id", flat=True)) == sorted(wanted)
    assert release.payloads.count() == len(wanted)
    assert PageLogEntry.objects.filter(page=page, action="keng.approve").count() == 1
    assert TaskState.objects.get(workflow_state__object_id=str(page.pk)).status == "approved"


def test_of_an_edit_and_a_signature_in_the_same_moment_nothing_unseen_is_released(
    stage: Stage, figures: Figures
) -> None:
    writer, signer = editor(), approver()
    released = 0
    with web(stage) as address:
        author, desk = Browser(address, writer), Browser(address, signer)
        for number, task_state in enumerate(waiting()[:APPROVALS]):
            page = ScamWarningPage.objects.get(pk=task_state.workflow_state.object_id)
            path, edit = reverse("editorial:review", args=[task_state.pk]), edit_path(page)
            press = partial(desk.press, path, form := signature(desk, path))
            changed = f"Bản sửa số {number}: đừng chuyển tiền."
            fields = factories.form_data(page, summary=changed, csrfmiddlewaretoken="")
            fields["csrfmiddlewaretoken"] = hidden(author.open(edit), "csrfmiddlewaretoken")
            replies, _apart = at_once(press, partial(author.press, edit, fields))
            assert [reply.status_code for reply in replies] == [200, 200], stage.told()
            for release in Release.objects.filter(page=page):
                released += 1
                assert release.seal == form["seal"]
                assert release.snapshot["summary"] != changed
                assert not any(changed in payload.text for payload in release.payloads.all())
            if not Release.objects.filter(page=page).exists():
                assert CHANGED in unescape(replies[0].text), replies[0].url
    figures.lines.append(f"edit and signature at once: {APPROVALS} times, {released} signed first")


def signature(browser: Browser, path: str) -> dict[str, str]:
    """What the page at ``path`` sends when its person signs."""
    page = browser.open(path)
    return {
        "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
        "seal": hidden(page, "seal"),
        "not_secret": "on",
        "decision": "approve",
    }


def edit_path(page: ScamWarningPage) -> str:
    """The editor of ``page``."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_two_workers_and_two_watches_do_everything_once(stage: Stage, figures: Figures) -> None:
    stage.sandbox.fault("slow", seconds=0.05, times=0)
    for _number in range(2):
        # Nobody dies here: a lease that a busy machine misses would only hide what is tested.
        stage.start(PUBLISH_LEASE="60")
    for _number in range(2):
        # Both of them on duty: nothing but the rows keeps them from doing everything twice.
        stage.watch()
    for _number in range(6):
        stage.sign()
    stage.settle()
    stage.assert_everything_out_once()
    # A busy machine may let the picture's upload run out of time: nothing was posted then.
    sent = Attempt.objects.filter(action=Attempt.Action.SEND).exclude(outcome="temporary")
    assert sent.count() == Delivery.objects.count(), "something was taken up twice"
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.CONFIRMED}

    mine = stage.sandbox.remote.state.posts[stage.sandbox.posts(PAGE)[0]["id"]]
    strange = Post("x_1", PAGE, 10**6, "Bài của ai đó", "", [], mine.created, mine.visible_at)
    stage.sandbox.remote.state.posts[strange.id] = strange
    watched = Channel.objects.get(remote_id=PAGE)
    until(lambda: Discrepancy.objects.filter(remote_id=strange.id).exists(), "the foreign post is noticed")
    seen = watched.compared_at
    until(lambda: looked_again(watched, seen), "both watches had another look")
    assert [row.remote_id for row in Discrepancy.objects.all()] == [strange.id], discrepancies()
    until(lambda: Notice.objects.filter(key__startswith="reconcile:").exists(), "people are told")
    until(lambda: Discrepancy.objects.get().notice is not None, "it is kept that they were told")
    assert Notice.objects.filter(key__startswith="reconcile:").count() == 1
    del stage.sandbox.remote.state.posts[strange.id]
    until(lambda: not Discrepancy.objects.filter(resolved_at__isnull=True).exists(), "it is gone again")
    figures.add("two workers, two watches", stage, 0.0)


def discrepancies() -> list[str]:
    """What was raised, for a failure."""
    return [f"{row.kind} {row.channel} {row.remote_id}: {row.detail}" for row in Discrepancy.objects.all()]


def looked_again(channel: Channel, seen: object) -> bool:
    """Whether ``channel`` was compared again after ``seen``, twice."""
    row = Channel.objects.get(pk=channel.pk)
    if row.compared_at in (None, seen, channel.compared_at):
        return False
    first, channel.compared_at = channel.compared_at == seen, row.compared_at
    return not first
