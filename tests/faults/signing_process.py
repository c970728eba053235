"""Signs everything that waits, one warning after the other, as a web process would; made to be killed."""

import django

django.setup()

from tests.faults import stage  # noqa: E402

for task_state in stage.waiting():
    print(stage.sign(task_state).reference, flush=True)
