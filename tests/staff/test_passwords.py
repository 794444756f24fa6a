"""Passwords are hashed so that guessing them costs much, whatever the tests do for speed."""

import re
import subprocess
import sys

from tests.conftest import ROOT


def test_a_hash_costs_what_owasp_asks_for_at_least() -> None:
    """OWASP, Password Storage: argon2id, 19 MiB, two passes, one lane."""
    program = "from hotline.staff.passwords import hash_new_password as h; print(h('a quiet river at night'))"
    made = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    cost = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", made.stdout)
    assert cost and int(cost[1]) >= 19 * 1024 and int(cost[2]) >= 2
