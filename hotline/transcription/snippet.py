"""The first words of a text, for a list."""

from hotline.intake.models import Report
from hotline.vault.sealing import CannotOpen

LONGEST = 90


def snippet_of(report: Report) -> str:
    """Empty for voicemails, and where the words can be opened no more."""
    if report.message is None:
        return ""
    return words_of(report)[:LONGEST]


def words_of(report: Report) -> str:
    """A text's words; empty for a voicemail."""
    if report.message is None:
        return ""
    try:
        return report.contact.open(report.message.body, f"messages.body:{report.message.id}").decode()
    except CannotOpen:
        return ""
