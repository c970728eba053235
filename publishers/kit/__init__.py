"""The tests an adapter has to pass, for packages that bring a channel of their own (docs/adapters.md).

Nothing of the product imports this package. It needs pytest only when its checks are run.
"""

from publishers.kit.contract import AdapterContract
from publishers.kit.credentials import MemoryCredentials
from publishers.kit.failures import FAILURES, Reply
from publishers.kit.receiver import Receiver, Request
from publishers.kit.recipients import MemoryRecipients
from publishers.kit.remote import Remote
from publishers.kit.rules import ContractBroken
from publishers.kit.sample import message

__all__ = [
    "FAILURES",
    "AdapterContract",
    "ContractBroken",
    "MemoryCredentials",
    "MemoryRecipients",
    "Receiver",
    "Remote",
    "Reply",
    "Request",
    "message",
]
