"""Adapters with one fault each: the kit must see it, or passing the kit means nothing."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests

from publishers.adapters.email.adapter import EmailListPublisher
from publishers.adapters.verdict import Step
from publishers.contracts import (
    ChannelIdentity,
    Listing,
    LookupFailed,
    Message,
    OutcomeUnknown,
    PublishError,
    Receipt,
    Temporary,
)
from publishers.kit import AdapterContract, ContractBroken
from tests.contract import gallery, test_kit
from tests.contract.folder import FolderPublisher

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/examples/keng-example-publisher"
Faulty = Callable[[type], type]


@pytest.fixture
def board() -> Iterator[tuple[type, type, str]]:
    """The example's adapter, its receiver and its key, importable for this test only."""
    folders = [str(EXAMPLE / "src"), str(EXAMPLE / "tests")]
    sys.path[:0] = folders
    try:
        from keng_notice_board.adapter import NoticeBoardPublisher
        from notice_board import KEY, NoticeBoard

        yield NoticeBoardPublisher, NoticeBoard, KEY
    finally:
        for folder in folders:
            sys.path.remove(folder)


def unknown_called_temporary(sound: type) -> type:
    """A lost reply taken for a refusal: the outbox would send it again."""

    class Adapter(sound):
        def send(self, message):
            try:
                return super().send(message)
            except OutcomeUnknown as error:
                raise Temporary(error.sentence, code=error.code) from None

    return Adapter


def unknown_called_out(sound: type) -> type:
    """A lost reply taken for a success."""

    class Adapter(sound):
        def send(self, message):
            try:
                return super().send(message)
            except OutcomeUnknown:
                return Receipt("p1")

    return Adapter


def refusal_called_unknown(sound: type) -> type:
    """A definite refusal for which a person would have to look."""

    class Adapter(sound):
        def send(self, message):
            try:
                return super().send(message)
            except OutcomeUnknown:
                raise
            except PublishError as error:
                raise OutcomeUnknown(error.sentence, code=error.code) from None

    return Adapter


def sends_again_itself(sound: type) -> type:
    """A retry inside the adapter."""

    class Adapter(sound):
        def send(self, message):
            try:
                return super().send(message)
            except OutcomeUnknown:
                return super().send(message)

    return Adapter


def unreadable_called_absent(sound: type) -> type:
    """A list that could not be read, taken for an empty one."""

    class Adapter(sound):
        def find(self, message, since):
            try:
                return super().find(message, since)
            except LookupFailed:
                return None

    return Adapter


def finds_parts_of_codes(sound: type) -> type:
    """CB-2026-00123 found in CB-2026-001234."""

    class Adapter(sound):
        def find(self, message, since):
            for item in self._notices(0.0):
                if message.reference in item.text:
                    return Receipt(item.remote_id)
            return None

    return Adapter


def trims_the_text(sound: type) -> type:
    """Nobody signed the trimmed text."""

    class Adapter(sound):
        def send(self, message):
            return super().send(replace(message, text=message.text.strip()))

    return Adapter


def cuts_the_text(sound: type) -> type:
    """Cut instead of refused."""

    class Adapter(sound):
        def send(self, message):
            return super().send(replace(message, text=message.text[: self.capabilities.max_length]))

    return Adapter


def quotes_the_key(sound: type) -> type:
    """The key in the sentence for the editor."""

    class Adapter(sound):
        def send(self, message):
            try:
                return super().send(message)
            except PublishError as error:
                key = self.credentials.read()["board_key"]
                raise type(error)(f"{error.sentence} {key}", code=error.code) from None

    return Adapter


def hangs_on_to_the_original(sound: type) -> type:
    """The request, headers included, behind the error that is raised."""

    class Adapter(sound):
        def send(self, message):
            key = self.credentials.read()["board_key"]
            try:
                requests.get("http://127.0.0.1:9/", headers={"Authorization": key}, timeout=0.5)
            except requests.RequestException as error:
                raise Temporary("Không kết nối được.", code="x") from error

    return Adapter


def logs_the_key(sound: type) -> type:
    """A debug line left in."""

    class Adapter(sound):
        def check(self):
            logging.getLogger("keng_board.adapter").debug("headers %s", self.credentials.read())
            return super().check()

    return Adapter


def prints_the_key(sound: type) -> type:
    """The same, with print."""

    class Adapter(sound):
        def check(self):
            print(self.credentials.read())
            return super().check()

    return Adapter


def waits_for_ever(sound: type) -> type:
    """A client of its own, without timeouts."""

    class Adapter(sound):
        def check(self):
            key = self.credentials.read()["board_key"]
            headers = {"Authorization": f"Bearer {key}"}
            reply = requests.get(f"{self.credentials.read()['url']}board", headers=headers)
            return ChannelIdentity("1", reply.json()["name"])

    return Adapter


def follows_redirects(sound: type) -> type:
    """Whoever answers there gets the message."""

    class Adapter(sound):
        def check(self):
            key = self.credentials.read()["board_key"]
            headers = {"Authorization": f"Bearer {key}"}
            reply = requests.get(f"{self.credentials.read()['url']}board", headers=headers, timeout=0.3)
            if reply.history:
                return ChannelIdentity("1", "x")
            return super().check()

    return Adapter


def raises_its_own(sound: type) -> type:
    """An error of its own kind."""

    class Adapter(sound):
        def send(self, message):
            try:
                return super().send(message)
            except PublishError:
                raise ValueError("no") from None

    return Adapter


def posts_when_checked(sound: type) -> type:
    """A connection check that everybody can see."""

    class Adapter(sound):
        def check(self):
            self._call("publish", "POST", "notices", json={"text": "ping"})
            return super().check()

    return Adapter


def never_asks_the_guard(sound: type) -> type:
    """Declared, and not done."""

    class Adapter(sound):
        def send(self, message):
            self.guard = lambda: None
            return super().send(message)

    return Adapter


def asks_the_guard_too_late(sound: type) -> type:
    """After the call, nothing can be stopped."""

    class Adapter(sound):
        def send(self, message):
            guard, self.guard = self.guard, lambda: None
            receipt = super().send(message)
            guard()
            return receipt

    return Adapter


def claims_to_be_repeatable(sound: type) -> type:
    """The board takes every POST for a new notice."""

    class Adapter(sound):
        capabilities = replace(sound.capabilities, repeatable=True)

    return Adapter


def edits_without_saying(sound: type) -> type:
    """edit() exists, and is never asked for."""

    class Adapter(sound):
        capabilities = replace(sound.capabilities, edit=False)

    return Adapter


def declares_figures(sound: type) -> type:
    """No insights()."""

    class Adapter(sound):
        capabilities = replace(sound.capabilities, insights=True)

    return Adapter


def edits_by_posting(sound: type) -> type:
    """Two notices instead of one."""

    class Adapter(sound):
        def edit(self, message):
            return super().send(message)

    return Adapter


def deletes_only_in_name(sound: type) -> type:
    """A failed deletion taken for a success."""

    class Adapter(sound):
        def delete(self, message):
            try:
                return super().delete(message)
            except PublishError:
                return Receipt(message.target_id)

    return Adapter


def lists_nothing_when_it_cannot(sound: type) -> type:
    """The reconciler would report every notice as gone."""

    class Adapter(sound):
        def shown(self, since):
            try:
                return super().shown(since)
            except LookupFailed:
                return Listing((), since)

    return Adapter


FAULTS: list[tuple[Faulty, str]] = [
    (unknown_called_temporary, "test_one_failure[effect_then_error]"),
    (unknown_called_temporary, "test_one_failure[effect_then_timeout]"),
    (unknown_called_temporary, "test_one_failure[timeout_then_effect]"),
    (unknown_called_temporary, "test_one_failure[half_body]"),
    (unknown_called_temporary, "test_one_failure[reset]"),
    (unknown_called_out, "test_one_failure[error_no_effect]"),
    (unknown_called_out, "test_one_failure[html_200]"),
    (unknown_called_out, "test_lasting_failure[drop_no_effect]"),
    (refusal_called_unknown, "test_definite_refusal[refuse]"),
    (refusal_called_unknown, "test_nobody_there"),
    (sends_again_itself, "test_one_failure[drop]"),
    (sends_again_itself, "test_one_failure[timeout_no_effect]"),
    (unreadable_called_absent, "test_failing_look[html_502]"),
    (unreadable_called_absent, "test_failing_look[effect_then_timeout]"),
    (finds_parts_of_codes, "test_find"),
    (trims_the_text, "test_text_goes_out_byte_for_byte"),
    (cuts_the_text, "test_longest_text_is_not_cut_and_a_longer_one_not_sent"),
    (quotes_the_key, "test_one_failure[html_502]"),
    (hangs_on_to_the_original, "test_one_failure[html_502]"),
    (logs_the_key, "test_check[slow]"),
    (prints_the_key, "test_check[slow]"),
    (waits_for_ever, "test_every_call_ends_although_nobody_answers"),
    (follows_redirects, "test_check[redirect]"),
    (raises_its_own, "test_one_failure[refuse]"),
    (posts_when_checked, "test_check[slow]"),
    (never_asks_the_guard, "test_guard_is_called_before_the_publishing_call"),
    (never_asks_the_guard, "test_guard_can_stop_it"),
    (asks_the_guard_too_late, "test_guard_is_called_before_the_publishing_call"),
    (claims_to_be_repeatable, "test_a_repeat_changes_nothing"),
    (claims_to_be_repeatable, "test_one_failure[drop]"),
    (edits_without_saying, "test_capabilities_agree_with_methods"),
    (declares_figures, "test_capabilities_agree_with_methods"),
    (edits_by_posting, "test_edit[slow]"),
    (deletes_only_in_name, "test_delete[error_no_effect]"),
    (lists_nothing_when_it_cannot, "test_listing[bad_json]"),
]


def contract(board: tuple[type, type, str], fault: Faulty) -> Any:
    """The kit's checks of the example's adapter with ``fault``."""
    sound, receiver, key = board

    def account(self, url):
        return {"url": url}

    # A faulty one that never comes to an end shows it at once as well as after a long wait.
    patience = 0.5 if fault is waits_for_ever else 5.0
    named = {
        "adapter": fault(sound),
        "receiver": receiver,
        "secrets": {"board_key": key},
        "account": account,
        "patience": patience,
    }
    return type("Contract", (AdapterContract,), named)()


def check_of(made: Any, check: str) -> Callable[[], None]:
    """One check by its name in pytest: ``test_edit[slow]``."""
    name, _, failure = check.rstrip("]").partition("[")
    test = getattr(made, name)
    return lambda: test(*([failure] if failure else []))


@pytest.mark.parametrize(("fault", "check"), FAULTS, ids=lambda part: getattr(part, "__name__", part))
def test_a_fault_is_seen(board: tuple[type, type, str], fault: Faulty, check: str) -> None:
    with pytest.raises(ContractBroken):
        check_of(contract(board, fault), check)()


def test_the_sound_one_passes_the_same_checks(board: tuple[type, type, str]) -> None:
    sound = contract(board, lambda adapter: adapter)
    for check in sorted({check for _fault, check in FAULTS}):
        # What is not declared is not there to be checked.
        if getattr(sound, check.partition("[")[0]) is not None:
            check_of(sound, check)()


PICTURES: list[tuple[type, str]] = [
    (gallery.ForgetsThePicture, "test_picture_stands_with_its_text"),
    (gallery.ChangesThePicture, "test_picture_stands_with_its_text"),
    (gallery.PostsWithoutThePicture, "test_failing_upload[error_no_effect]"),
    (gallery.CallsTheUploadUnknown, "test_failing_upload[timeout_no_effect]"),
    (gallery.TakesAnyPicture, "test_pictures_that_cannot_go_out"),
    (gallery.TakesAnyPicture, "test_failure_with_a_picture[null_200_no_effect]"),
    (gallery.MakesUpZeros, "test_figures_are_the_platforms"),
    (gallery.CallsUnreadableFiguresZero, "test_failing_figures[bad_json]"),
]


class LaxMail(EmailListPublisher):
    """An e-mail list whose book-keeping a fault goes wrong in."""

    book: ClassVar[type]

    def send(self, message: Message) -> Receipt:
        self.recipients = self.book(self.recipients)
        return super().send(message)


class Book:
    """Passes everything on."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


class BeginsNothing(LaxMail):
    """Nothing is remembered before the call."""

    class book(Book):
        def begin(self, address):
            return True


class LostIsAgain(LaxMail):
    """A letter whose fate is unknown is sent once more."""

    class book(Book):
        def unknown(self, address):
            self.real.again(address)


class LostIsSent(LaxMail):
    """A letter whose fate is unknown is called sent."""

    class book(Book):
        def unknown(self, address):
            self.real.sent(address)


class RefusedIsUnknown(LaxMail):
    """What was unknown is written to as if it were new."""

    class book(Book):
        def pending(self):
            for address in list(self.real.states):
                if self.real.states[address] == "unknown":
                    self.real.again(address)
            return self.real.pending()


class StopsAtTheFirst(LaxMail):
    """The rest of the list is forgotten."""

    class book(Book):
        def pending(self):
            return self.real.pending()[:1]

        def count(self, state):
            return 0 if state == "pending" else self.real.count(state)


class CallsNobodyAll(LaxMail):
    """An empty list is a success."""

    class book(Book):
        def count(self, state):
            return 0 if state == "pending" else 1


LISTS: list[tuple[type, str]] = [
    (BeginsNothing, "test_each_address_is_remembered_before_its_call"),
    (BeginsNothing, "test_an_address_another_worker_has_is_left_alone"),
    (LostIsAgain, "test_failure_in_the_middle_of_a_list[take_then_drop]"),
    (LostIsAgain, "test_one_failure[take_then_drop]"),
    (LostIsSent, "test_failure_in_the_middle_of_a_list[drop_in_text]"),
    (RefusedIsUnknown, "test_an_address_another_worker_has_is_left_alone"),
    (StopsAtTheFirst, "test_list_reaches_everybody"),
    (CallsNobodyAll, "test_empty_list"),
]


def _other(base: type, adapter: type) -> Any:
    return type("Contract", (base,), {"adapter": adapter})()


class GalleryContract(AdapterContract):
    """The platform with pictures and figures."""

    adapter = gallery.GalleryPublisher
    receiver = gallery.Gallery


@pytest.mark.parametrize(("faulty", "check"), PICTURES, ids=lambda part: getattr(part, "__name__", part))
def test_a_fault_with_pictures_and_figures_is_seen(faulty: type, check: str) -> None:
    with pytest.raises(ContractBroken):
        check_of(_other(GalleryContract, faulty), check)()
    check_of(GalleryContract(), check)()


@pytest.mark.parametrize(("faulty", "check"), LISTS, ids=lambda part: getattr(part, "__name__", part))
def test_a_fault_with_lists_is_seen(faulty: type, check: str) -> None:
    with pytest.raises(ContractBroken):
        check_of(_other(test_kit.TestEmail, faulty), check)()


class KeepsHalf(FolderPublisher):
    """A message that is there, and not whole."""

    def _write(self, name: str, text: str) -> None:
        super()._write(name, text[: len(text) // 2])


class AwayIsEmpty(FolderPublisher):
    """The folder is not there, so nothing is in it."""

    def _names(self, step: Step) -> list[str]:
        try:
            return super()._names(step)
        except LookupFailed:
            return []


@pytest.mark.parametrize(
    ("faulty", "check"),
    [
        (KeepsHalf, "test_text_goes_out_byte_for_byte"),
        (AwayIsEmpty, "test_failing_look[away]"),
        (AwayIsEmpty, "test_listing[away]"),
    ],
    ids=lambda part: getattr(part, "__name__", part),
)
def test_a_fault_without_a_network_is_seen(faulty: type, check: str) -> None:
    with pytest.raises(ContractBroken):
        check_of(_other(test_kit.TestFolder, faulty), check)()
