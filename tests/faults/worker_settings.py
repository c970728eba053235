"""The test settings with the real queue: what worker and web processes of the fault tests run with."""

from cms.settings.test import *  # noqa: F403
from cms.settings.test import TASKS

TASKS["delivery"] = {
    "BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend",
    "QUEUES": [],
    "ENQUEUE_ON_COMMIT": True,
}
