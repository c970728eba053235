"""Where warnings go, what exactly goes there, what became of it, and what the watch found."""

from publishers.models.accounts import Credential, Platform
from publishers.models.assisted import AssistedTask, Operator
from publishers.models.channels import Channel
from publishers.models.deliveries import Attempt, Delivery, Transition
from publishers.models.halt import Halt
from publishers.models.recipients import Copy, MailRecipient
from publishers.models.releases import Payload, Release
from publishers.models.schedules import Schedule
from publishers.models.watching import Discrepancy, Insight, Notice, PlatformEvent, WorkerBeat

__all__ = [
    "AssistedTask",
    "Attempt",
    "Channel",
    "Copy",
    "Credential",
    "Delivery",
    "Discrepancy",
    "Halt",
    "Insight",
    "MailRecipient",
    "Notice",
    "Operator",
    "Payload",
    "Platform",
    "PlatformEvent",
    "Release",
    "Schedule",
    "Transition",
    "WorkerBeat",
]
