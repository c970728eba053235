"""Does the time of an answer tell whether an account exists? Wrong sign-ins for a known and an unknown name.

    python tests/benchmarks/signin_timing.py [--rounds 200]

Prints the medians in milliseconds and their ratio, for a plain refusal and for one that is locked out already;
ends with 1 if a ratio lies outside 0.9 to 1.1. Real password hashing, the whole request through the middleware.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    os.environ |= {
        "VAR_DIR": tempfile.mkdtemp(prefix="keng-bench-"),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'warnings'}",
        "LOG_LEVEL": "ERROR",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client

    known, unknown = "nguoi-co-that", "nguoi-bia-ra"
    get_user_model().objects.create_user(known, password="ba con mèo ngủ trên mái tôn")

    def wrong(name: str, address: str) -> float:
        client = Client(REMOTE_ADDR=address)
        before = time.perf_counter()
        client.post("/admin/login/", {"login": name, "password": "không phải mật khẩu này"})
        return (time.perf_counter() - before) * 1000

    def measure(address: str) -> float:
        """Ratio of the medians; {} in ``address`` is the round."""
        taken: dict[str, list[float]] = {known: [], unknown: []}
        for number in range(rounds + 5):
            # Turn and turn about, so that whatever else the machine does meets both alike.
            for name in (known, unknown) if number % 2 else (unknown, known):
                taken[name].append(wrong(name, address.format(number % 250)))
        medians = {name: statistics.median(times[5:]) for name, times in taken.items()}
        ratio = medians[known] / medians[unknown]
        sys.stdout.write(
            f"known {medians[known]:7.1f} ms   unknown {medians[unknown]:7.1f} ms   ratio {ratio:.3f}\n"
        )
        return ratio

    ratios = [measure("203.0.113.{}"), measure("198.51.100.1")]
    return 0 if all(0.9 <= ratio <= 1.1 for ratio in ratios) else 1


if __name__ == "__main__":
    sys.exit(main())
