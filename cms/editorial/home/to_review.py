"""What is public and has to be looked at again, or runs out."""

from cms.editorial.home.panel import DeskPanel


class ToReviewPanel(DeskPanel):
    """«Đến hạn rà soát», for those who write."""

    name = "to_review"
    template_name = "editorial/home/to_review.html"
    order = 125

    def is_shown(self) -> bool:
        return self.desk.index is not None
