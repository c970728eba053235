"""Two phones on one task at the same moment: exactly one outcome, and the other phone is told what it was."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.utils import timezone

import pytest
import requests

from publishers.assisted import links, tasks
from publishers.models import AssistedTask, Delivery, Operator
from publishers.states import State
from tests.publishers import outbox
from tests.serving import serving

ROUNDS = 12
SENT = "da-gui/"
CANNOT = "khong-gui-duoc/"
ON_RECORD = ("Đã ghi nhận. Xin cảm ơn.", "Việc này đã được ghi nhận là đã gửi.")
GIVEN_BACK = "Đã có người bấm “Không gửi được”"


@pytest.fixture
def office(live_db):
    operator = Operator.objects.create(name="Chị Hoa", email="hoa@example.vn")
    with serving() as address:
        yield f"{address}/viec/{links.token_for(operator)}", operator


def new_task(operator) -> AssistedTask:
    channel = outbox.channel("assisted", operator=operator, options={"platform": "zalo"})
    delivery = outbox.delivery(channel)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.AWAITING_PERSON, next_attempt_at=None, error_code="assisted"
    )
    return tasks.open_task(Delivery.objects.get(pk=delivery.pk), timezone.now())


def together(url, *taps):
    """Press all at once; the answers in the same order."""
    gate = Barrier(len(taps))

    def press(tap):
        end, data, headers = tap
        gate.wait(20)
        return requests.post(f"{url}/{end}", data=data, headers=headers, timeout=60, allow_redirects=False)

    with ThreadPoolExecutor(len(taps)) as phones:
        return list(phones.map(press, taps))


def test_two_phones_press_sent_at_once(office):
    address, operator = office
    sent = (SENT, {"url": ""}, {"Accept": "application/json"})
    for _ in range(ROUNDS):
        task = new_task(operator)
        replies = together(f"{address}/{task.pk}", sent, sent)
        assert [reply.status_code for reply in replies] == [200, 200]
        assert sorted(reply.json()["message"] for reply in replies) == sorted(ON_RECORD)
        delivery = Delivery.objects.get(pk=task.delivery_id)
        assert delivery.state == State.DELIVERED
        assert delivery.transitions.filter(after=State.DELIVERED).count() == 1


def test_one_presses_sent_while_the_other_presses_cannot(office):
    address, operator = office
    winners = set()
    for _ in range(ROUNDS):
        task = new_task(operator)
        sent = (SENT, {"url": ""}, {"Accept": "application/json"})
        cannot = (CANNOT, {"reason": "Nhóm đã khóa"}, {})
        done, given_back = together(f"{address}/{task.pk}", sent, cannot)
        delivery, task = Delivery.objects.get(pk=task.delivery_id), AssistedTask.objects.get(pk=task.pk)
        steps = delivery.transitions.values_list("after", flat=True)
        if delivery.state == State.DELIVERED:
            assert (done.status_code, given_back.status_code) == (200, 422)
            assert ON_RECORD[1] in given_back.text
            assert task.done_at
        else:
            assert delivery.state == State.FAILED
            assert (done.status_code, given_back.status_code) == (409, 302)
            assert done.json()["message"].startswith(GIVEN_BACK)
            assert "Nhóm đã khóa" in delivery.error_sentence
            assert task.done_at is None
        assert list(steps) == [delivery.state]
        winners.add(delivery.state)
    assert winners <= {State.DELIVERED, State.FAILED}


def test_two_phones_press_cannot_at_once(office):
    address, operator = office
    cannot = (CANNOT, {"reason": "Nhóm đã khóa"}, {})
    for _ in range(ROUNDS // 2):
        task = new_task(operator)
        replies = together(f"{address}/{task.pk}", cannot, cannot)
        assert sorted(reply.status_code for reply in replies) == [302, 422]
        (told,) = (reply.text for reply in replies if reply.status_code == 422)
        assert re.search(rf'role="alert">{GIVEN_BACK}', told)
        assert Delivery.objects.get(pk=task.delivery_id).transitions.count() == 1


def test_a_reason_is_asked_for_and_the_task_stays(office):
    address, operator = office
    task = new_task(operator)
    (reply,) = together(f"{address}/{task.pk}", (CANNOT, {"reason": " "}, {}))
    assert reply.status_code == 422
    assert "vì sao không gửi được" in reply.text
    assert Delivery.objects.get(pk=task.delivery_id).state == State.AWAITING_PERSON
