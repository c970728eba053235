"""What waits for an approver's decision, with its age."""

from cms.editorial.home.panel import DeskPanel


class WaitingPanel(DeskPanel):
    """The approver's queue with ages."""

    name = "waiting_for_approval"
    template_name = "editorial/home/waiting.html"
    order = 110

    def is_shown(self) -> bool:
        return self.desk.decides
