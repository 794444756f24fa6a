"""Which verb keeps which kind of promise."""

from collections.abc import Callable

from hotline.callbacks.ask_by_text import ask_by_text
from hotline.callbacks.note_outcome import look_after_call
from hotline.callbacks.place_call import place_call
from hotline.intake.delete_at_carrier import delete_at_carrier
from hotline.intake.delete_attachment import delete_attachment
from hotline.intake.reconcile import reconcile
from hotline.intake.send_text import send_text
from hotline.intake.take_in_attachment import take_in_attachment
from hotline.intake.take_in_recording import take_in_recording
from hotline.mailbox.text_code import put_code_in
from hotline.outbox import Promised, keep
from hotline.retention.purge import purge
from hotline.studio.take_in_spoken import forget_spoken, take_in_spoken
from hotline.transcription.alarm import send_alarm
from workers.tools import Tools


def _purge(tools: Tools, held: Promised) -> None:
    purge(tools.sessions, tools.media, tools.settings, dry_run=False)
    with tools.sessions.begin() as session:
        keep(session, held)


KINDS: dict[str, Callable[[Tools, Promised], None]] = {
    "take_in_recording": lambda tools, held: take_in_recording(
        tools.sessions, tools.carrier, tools.media, held, tools.settings
    ),
    "take_in_spoken": lambda tools, held: take_in_spoken(tools.sessions, tools.carrier, held, tools.settings),
    "forget_spoken": lambda tools, held: forget_spoken(tools.sessions, tools.carrier, held),
    "delete_at_carrier": lambda tools, held: delete_at_carrier(tools.sessions, tools.carrier, held),
    "take_in_attachment": lambda tools, held: take_in_attachment(
        tools.sessions, tools.carrier, tools.media, held, tools.settings
    ),
    "delete_attachment": lambda tools, held: delete_attachment(tools.sessions, tools.carrier, held),
    "reconcile": lambda tools, held: reconcile(
        tools.sessions,
        tools.writer,
        tools.carrier,
        held,
        tools.settings,
        lambda session, text, taken: ask_by_text(session, text, taken, tools.settings),
    ),
    "alarm": lambda tools, held: send_alarm(tools.sessions, tools.carrier, held, tools.settings),
    "call_back": lambda tools, held: place_call(tools.sessions, tools.carrier, held, tools.settings),
    "look_after_call": lambda tools, held: look_after_call(tools.sessions, tools.carrier, held),
    "purge": lambda tools, held: _purge(tools, held),
    "send_text": lambda tools, held: send_text(
        tools.sessions, tools.carrier, held, tools.settings, put_code_in
    ),
}
