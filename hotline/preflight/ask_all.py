"""Every question, asked side by side: one that waits for the network holds nobody up."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from hotline.preflight.ages import are_places_checked, are_rights_checked
from hotline.preflight.at_carrier import is_carrier_ready, is_clock_right, lead_numbers_here
from hotline.preflight.at_work import is_redis_ready, is_sweep_alive, is_worker_alive
from hotline.preflight.database import is_database_ready, is_line_in_service
from hotline.preflight.finding import Finding, fault
from hotline.preflight.keys import are_keys_backed_up
from hotline.preflight.prompts import is_everything_spoken
from hotline.preflight.room import is_audio_kept, is_there_room
from hotline.settings import Settings

Question = Callable[[Settings], list[Finding]]
QUESTIONS: dict[str, Question] = {
    "Database": is_database_ready,
    "Lines": is_line_in_service,
    "Menus and prompts": is_everything_spoken,
    "Rights": are_rights_checked,
    "Help": are_places_checked,
    "Redis": is_redis_ready,
    "Workers": is_worker_alive,
    "Sweep": is_sweep_alive,
    "Carrier": is_carrier_ready,
    "Numbers at the carrier": lead_numbers_here,
    "Clock": is_clock_right,
    "Room": is_there_room,
    "Audio": is_audio_kept,
    "Keys": are_keys_backed_up,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """A question by its name, and what it found."""

    about: str
    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> bool:
        return any(finding.wrong for finding in self.findings)


def ask_all(settings: Settings) -> list[Answer]:
    """In the order in which things are set up."""
    with ThreadPoolExecutor(len(QUESTIONS), thread_name_prefix="preflight") as pool:
        asked = {about: pool.submit(_ask, question, settings) for about, question in QUESTIONS.items()}
        return [Answer(about, tuple(found.result())) for about, found in asked.items()]


def _ask(question: Question, settings: Settings) -> list[Finding]:
    """A question that breaks is a fault of what it asks about, not of the others."""
    try:
        return question(settings)
    except Exception as broken:
        log.exception("preflight: %s", question.__name__)
        return fault(
            f"This could not be found out ({type(broken).__name__}).", "The log says where it broke."
        )
