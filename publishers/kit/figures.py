"""Checks of adapters that declare ``insights``: the platform's figure or none, never one of our own."""

from publishers.adapters.verdict import Step
from publishers.contracts import PublishError
from publishers.kit.checks import ALWAYS, NOT_SEEN, Checks
from publishers.kit.rows import able
from publishers.kit.rules import require


class FigureChecks(Checks):
    """Only where ``insights`` is declared."""

    @able("insights")
    def test_figures_are_the_platforms(self) -> None:
        """Those it gives, unchanged; None for those it does not give."""
        with self.stage() as on:
            stands = on.ask("send", lambda: on.publisher().send(self.message()))
            nothing = on.ask("insights", lambda: on.publisher().insights(stands.remote_id))
            made_up = sorted(metric for metric, value in nothing.items() if value is not None)
            require(not made_up, f"the platform gives no figures, and insights() says {made_up}")
            on.remote.count_up(stands.remote_id, self.given_figures)
            told = on.ask("insights", lambda: on.publisher().insights(stands.remote_id))
            for metric, value in self.given_figures.items():
                require(told.get(metric) == value, f"{metric}: {told.get(metric)} instead of {value}")

    @able("insights")
    def test_failing_figures(self, failure: str) -> None:
        """What could not be read is None or an error, not a zero and not an old figure."""
        with self.stage() as on:
            stands = on.ask("send", lambda: on.publisher().send(self.message()))
            on.remote.count_up(stands.remote_id, self.given_figures)
            on.remote.plan(failure, step=Step.LOOK, times=ALWAYS)
            told = on.attempt("insights", lambda: on.publisher().insights(stands.remote_id))
            if isinstance(told, PublishError):
                require(isinstance(told, NOT_SEEN), f"insights() raised {type(told).__name__}")
                return
            for metric, value in told.items():
                true = value is None or value == self.given_figures.get(metric)
                require(true, f"{metric}: {value}, and the figures could not be read")
