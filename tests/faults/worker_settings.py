"""The test settings with the real queue: what worker and web processes of the fault tests run with."""

import os

from cms.settings.test import *  # noqa: F403
from cms.settings.test import DATABASES, TASKS, VAR
from tests.faults import full_disk, wall_clock

TASKS["delivery"] = {
    "BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend",
    "QUEUES": [],
    "ENQUEUE_ON_COMMIT": True,
}
if "FAULT_BUSY_SECONDS" in os.environ and "timeout" in DATABASES["default"].get("OPTIONS", {}):
    DATABASES["default"]["OPTIONS"]["timeout"] = float(os.environ["FAULT_BUSY_SECONDS"])
full_disk.listen()
if "FAULT_CLOCK" in os.environ:
    wall_clock.follow(VAR)
if "FAULT_REDIS_URL" in os.environ:
    HUEY = {
        "huey_class": "cms.core.queue.SignedRedisHuey",
        "name": "keng-fault",
        "url": f"{os.environ['FAULT_REDIS_URL']}?socket_connect_timeout=1&socket_timeout=5",
        "immediate": False,
        "results": False,
    }
