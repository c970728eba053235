from collections.abc import Iterator

import pytest

from tests.publishers.memory import Remote, memory_kinds


@pytest.fixture
def remote() -> Iterator[Remote]:
    """The platform in memory, its kinds registered."""
    with memory_kinds() as made:
        yield made
