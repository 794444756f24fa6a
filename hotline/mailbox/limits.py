"""How often may be guessed, and how seldom a guess is lucky.

A guess opens one of LIVE codes out of 10^12 with the PIN of that one. People choose their PIN, so it is not one of
10^4: what most would choose is refused (hotline.flow.nodes.new_mailbox.is_easy), and of those allowed the commonest
is assumed to be at most COMMONEST_PIN of all, which nobody has measured here. A try that a limit refused opens
nothing. So a year holds

    240 x 365 guesses x 100,000 / 10^12 codes x 1 / 1,000 PINs = 8.8 in a million lucky ones.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.nodes.mailbox import CODE
from hotline.mailbox.models import MailboxTry

LIVE = 100_000  # mailboxes
COMMONEST_PIN = 1 / 1000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Wrong tries within it: of everybody; of one code, or of one caller. Closing it to all takes twelve numbers.
LIMITS = {HOUR: (60, 5), DAY: (240, 20)}
LUCKY_A_YEAR = LIMITS[DAY][0] * 365 * LIVE / 10**CODE * COMMONEST_PIN


def is_over_limit(session: Session, tried: MailboxTry) -> bool:
    """Too many wrong ones before this: of this code, of this caller, or of everybody.

    Callers without a number are one caller. What a limit refused is not counted.
    """
    code, one = MailboxTry.mark == tried.mark, MailboxTry.contact_id.is_not_distinct_from(tried.contact_id)
    counts = [
        sa.func.count().filter(MailboxTry.at > tried.at - within, *narrowed)
        for within in LIMITS
        for narrowed in ((), (code,), (one,))
    ]
    most = [limit for anywhere, each in LIMITS.values() for limit in (anywhere, each, each)]
    wrong = sa.select(*counts).where(
        MailboxTry.at > tried.at - DAY, ~MailboxTry.admitted, ~MailboxTry.limited
    )
    return any(count >= limit for count, limit in zip(session.execute(wrong).one(), most, strict=True))
