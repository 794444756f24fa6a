"""The words of a text, and the first of them for a list."""

from hotline.intake.models import Contact, Message, Report
from hotline.vault.sealing import CannotOpen

LONGEST = 90


def snippet_of(report: Report) -> str:
    """Empty where nothing was written, and where the words can be opened no more."""
    return words_of(report)[:LONGEST]


def words_of(report: Report) -> str:
    """A text's words, also of one with a voice note; empty for a voicemail."""
    return opened(report.contact, report.message) if report.message else ""


def opened(contact: Contact, message: Message) -> str:
    """What a text says; empty where its key is gone."""
    try:
        return contact.open(message.body, f"messages.body:{message.id}").decode(errors="replace")
    except CannotOpen:
        return ""
