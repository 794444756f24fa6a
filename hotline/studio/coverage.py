"""Languages by prompts: what is recorded and approved, what waits, what is only written, what is missing."""

from collections.abc import Collection, Iterable, Iterator
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.prompts import Catalogue
from hotline.flow.turn import Clip
from hotline.studio.models import Take

Cell = Literal["live", "wait", "old", "voice", "script", "none"]
SAID: dict[Cell, str] = {
    "live": "approved recording",
    "wait": "recorded, waits for a second person",
    "voice": "script only, rehearsal voice",
    "script": "script only, no voice: falls back",
    "old": "script changed since it was recorded",
    "none": "no script",
}


def cover(session: Session, words: Catalogue, languages: Iterable[str]) -> dict[Clip, Cell]:
    """What there is of each prompt in each language. `words` knows the takes that are on the line."""
    rows = session.execute(
        sa.select(Take.language, Take.prompt, Take.words, Take.state, Take.live_since)
    ).all()
    waiting = {Clip(prompt, language) for language, prompt, _, state, _ in rows if state == "waiting"}
    read: dict[Clip, str] = {}  # the script as the take on the line was read
    for language, prompt, written, _, since in sorted(
        rows, key=lambda row: (row[4] and row[4].timestamp()) or 0
    ):
        if since is not None:
            read[Clip(prompt, language)] = written
    return {clip: _cell(words, clip, clip in waiting, read.get(clip)) for clip in _clips(words, languages)}


def cover_by_files(words: Catalogue, languages: Iterable[str]) -> dict[Clip, Cell]:
    """The same where no studio is at hand."""
    return {clip: _cell(words, clip, waits=False, read=None) for clip in _clips(words, languages)}


def _clips(words: Catalogue, languages: Iterable[str]) -> Iterator[Clip]:
    return (Clip(prompt, language) for language in languages for prompt in words.scripts[language].prompts)


def unspoken(cells: dict[Clip, Cell], language: str, prompts: Collection[str]) -> list[str]:
    """Those of these prompts that callers of this language would not hear from a person, as it is written now."""
    return sorted(prompt for prompt in prompts if cells.get(Clip(prompt, language), "none") != "live")


def lacking(session: Session, words: Catalogue, language: str, prompts: Collection[str]) -> list[str]:
    """The same of one language, looked up."""
    return unspoken(cover(session, words, [language]), language, prompts)


def _cell(words: Catalogue, clip: Clip, waits: bool, read: str | None) -> Cell:
    written = words.scripts[clip.language].prompts.get(clip.prompt)
    if written is None:
        return "none"
    sound = words.sound(clip)
    own = sound.language == clip.language
    if own and sound.source == "recording":
        return "old" if read is not None and read != written else "live"
    if waits:
        return "wait"
    return "voice" if own and sound.source == "placeholder" else "script"
