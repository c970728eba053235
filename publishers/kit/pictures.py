"""Checks of adapters that declare ``images``: the picture stands with its text, or nothing stands."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from publishers.adapters.verdict import Step
from publishers.contracts import Image, OutcomeUnknown, Rejected, Temporary
from publishers.kit import sample
from publishers.kit.checks import Checks
from publishers.kit.dispatcher import Verdict
from publishers.kit.rows import able, where
from publishers.kit.rules import require
from publishers.kit.stage import Stage


def _changed() -> bytes:
    raise ValueError("these are not the sealed bytes")


def _unreadable() -> bytes:
    raise OSError("disk")


class PictureChecks(Checks):
    """Only where ``images`` is declared."""

    @able("images")
    def test_picture_stands_with_its_text(self) -> None:
        """One item with both, the picture byte for byte."""
        with self.stage() as on:
            require(on.send(self.pictured()).verdict is Verdict.OUT, "a message with a picture was not sent")
            self._whole(on)

    @able("images")
    def test_failure_with_a_picture(self, failure: str) -> None:
        """A single failure of the publishing call; afterwards the delivery comes to its end."""
        with self.stage() as on:
            on.remote.plan(failure)
            outcome = on.send(self.pictured())
            if outcome.verdict in (Verdict.AGAIN, Verdict.REPEAT):
                on.remote.heal()
                outcome = on.deliver(self.pictured())
                require(outcome.verdict is Verdict.OUT, "it could have gone out, and did not")
            if outcome.verdict is Verdict.OUT:
                self._whole(on)

    @where(lambda contract: contract.adapter.capabilities.images and contract.receiver.uploads)
    def test_failing_upload(self, failure: str) -> None:
        """Nothing of an upload is visible, so nothing is unknown: it is refused, or tried again."""
        with self.stage() as on:
            on.remote.plan(failure, step=Step.PREPARE)
            outcome = on.send(self.pictured())
            doubtful = [error for error in outcome.errors if isinstance(error, OutcomeUnknown)]
            require(not doubtful, "a lost upload was taken for a lost message")
            if outcome.verdict is Verdict.AGAIN:
                on.remote.heal()
                again = on.deliver(self.pictured())
                require(again.verdict is Verdict.OUT, "it could have gone out, and did not")
            if outcome.verdict in (Verdict.AGAIN, Verdict.OUT):
                self._whole(on)

    @able("images")
    def test_pictures_that_cannot_go_out(self) -> None:
        """Too many, too large, no longer the sealed ones, not readable now: told apart before anything leaves."""
        limits = self.adapter.capabilities
        whole = sample.sealed_image(self.picture())
        too_large = sample.sealed_image(b"\xff" * (limits.max_image_bytes + 1))
        cases: list[tuple[str, tuple[Image, ...], type[Exception]]] = [
            ("too many pictures", (whole,) * (limits.images + 1), Rejected),
            ("a picture above max_image_bytes", (too_large,), Rejected),
            ("a picture whose sealed bytes changed", (_reading(whole, _changed),), Rejected),
            ("a picture that cannot be read now", (_reading(whole, _unreadable),), Temporary),
        ]
        for told, images, expected in cases:
            with self.stage() as on:
                sealed = replace(self.message(), images=images)
                error = on.refusal("send", lambda sealed=sealed, on=on: on.publisher().send(sealed))  # type: ignore[misc]
                require(
                    isinstance(error, expected),
                    f"{told}: {type(error).__name__} instead of {expected.__name__}",
                )
                require(not on.items(), f"{told}: refused, and yet it stands there")
                require(not on.remote.count(Step.PUBLISH), f"{told}: refused after it had been sent")

    def _whole(self, on: Stage) -> None:
        (item,) = on.items()
        sealed = self.pictured()
        require(item.text == sealed.text, f"the text was changed: {item.text!r}")
        shown: Any = on.remote.pictures(item.remote_id)
        require(
            shown == (sealed.images[0].sha256,), f"{len(shown)} pictures stand there, or not the sealed one"
        )


def _reading(image: Image, read: Callable[[], bytes]) -> Image:
    return replace(image, read=read)
