"""The letter “waits for your approval”: Wagtail's, but only to those who can decide on the item.

Wagtail writes to every member of the step's groups, whatever unit they work in. The urgent lane has letters of its
own (urgent.py).
"""

from typing import Any

from wagtail.admin.mail import GroupApprovalTaskStateSubmissionEmailNotifier
from wagtail.models import TaskState
from wagtail.signals import task_submitted

from cms.editorial.stages import chain, urgent
from cms.editorial.stages.lanes import Stages, stages_of

_WAGTAILS_OWN = "group_approval_task_submitted_email_notification"


class StageNotifier(GroupApprovalTaskStateSubmissionEmailNotifier):
    """To the people of the stage, of the item's unit and those above it, who had no hand in it."""

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        return bool(super().can_handle(instance, **kwargs)) and not _is_urgent(instance)

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> Any:
        task = task_state.task.specific
        if not hasattr(task, "signs"):
            return super().get_recipient_users(task_state, **kwargs)
        page = task_state.workflow_state.content_object.specific
        people = task.deciders(page).exclude(pk__in=chain.barred_from(task_state, page))
        submitter = kwargs.get("user")
        return people if submitter is None else people.exclude(pk=submitter.pk)


_notifier = StageNotifier()


def connect() -> None:
    """Take the place of Wagtail's own letter, and call the urgent lane's approvers."""
    task_submitted.disconnect(sender=TaskState, dispatch_uid=_WAGTAILS_OWN)
    task_submitted.connect(_notifier, sender=TaskState, dispatch_uid=_WAGTAILS_OWN)
    task_submitted.connect(_call, sender=TaskState, dispatch_uid="keng-urgent-call")


def _call(sender: Any, instance: TaskState, **kwargs: Any) -> None:
    if _is_urgent(instance):
        urgent.call_after_commit(instance)


def _is_urgent(task_state: TaskState) -> bool:
    return stages_of(task_state.workflow_state) == Stages.URGENT
