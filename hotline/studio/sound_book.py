"""What callers hear, as a process knows it: what is shipped, and over it the takes that are on the line."""

import logging
import uuid
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.areas import AREA
from hotline.flow.prompts import PLACE, Catalogue
from hotline.flow.turn import Clip
from hotline.known import Known
from hotline.studio.models import Take
from hotline.write_whole import write_whole
from hotline.writer import Connection, Statement, Writer

LIVE = """
    SELECT DISTINCT ON (language, prompt) id, language, prompt FROM takes
    WHERE live_since IS NOT NULL ORDER BY language, prompt, live_since DESC
    """
# And the names of places where help is, and of their areas (hotline.directory), as prompts of no script.
LIVE_NOW = Statement(f"""
    SELECT * FROM ({LIVE}) AS live
    UNION ALL SELECT id, language, '{PLACE}' || replace(place_id::text, '-', '') FROM help_names
              WHERE state = 'approved'
    UNION ALL SELECT id, language, '{AREA}' || area_key FROM area_names WHERE state = 'approved' ORDER BY 1
    """)
AUDIO = Statement("""
    SELECT encode(audio, 'hex') FROM takes WHERE id = %(id)s::uuid
    UNION ALL SELECT encode(audio, 'hex') FROM help_names WHERE id = %(id)s::uuid
    UNION ALL SELECT encode(audio, 'hex') FROM area_names WHERE id = %(id)s::uuid
    """)

log = logging.getLogger(__name__)

OnTheLine = tuple[tuple[str, str, str], ...]  # (take, language, prompt)


class SoundBook:
    """A catalogue that becomes another one when a take goes live; `folder` keeps their audio for a start without
    the database."""

    def __init__(self, writer: Writer, shipped: Catalogue, folder: Path) -> None:
        self._folder = folder
        self._audio: dict[str, bytes] = {}
        self._catalogue, self._shipped = shipped, shipped
        self._made_of: OnTheLine = ()
        self._live: Known[OnTheLine] = Known("takes", writer, self._read, self._read_copy(), self._write_copy)

    def now(self, older_than: float = 5.0) -> Catalogue:
        """The catalogue; looked at again where that was more than so many seconds ago."""
        live = self._live.now(older_than)
        if live != self._made_of:
            takes = {Clip(prompt, language): self._audio[take] for take, language, prompt in live}
            self._catalogue = self._shipped.with_takes(takes, former=self._catalogue)
            self._made_of = live
        return self._catalogue

    def _read(self, connection: Connection) -> OnTheLine:
        live = tuple((str(take), str(language), str(prompt)) for take, language, prompt in
                     connection.execute(LIVE_NOW, {}))  # fmt: skip
        for take, _, _ in live:
            if take not in self._audio and (audio := self._kept(take) or _audio_of(connection, take)):
                self._audio[take] = audio
        return tuple(row for row in live if row[0] in self._audio)

    def _kept(self, take: str) -> bytes | None:
        try:
            return (self._folder / f"{take}.wav").read_bytes()
        except OSError:
            return None

    def _read_copy(self) -> OnTheLine:
        try:
            rows = (line.split("\t") for line in (self._folder / "live.tsv").read_text("utf-8").splitlines())
            live = tuple((take, language, prompt) for take, language, prompt in rows)
            self._audio |= {take: (self._folder / f"{take}.wav").read_bytes() for take, _, _ in live}
        except (OSError, ValueError):  # none yet, or not ours
            return ()
        return live

    def _write_copy(self, live: OnTheLine) -> None:
        for take, _, _ in live:
            if not (self._folder / f"{take}.wav").exists():
                write_whole(self._folder / f"{take}.wav", self._audio[take])
        write_whole(self._folder / "live.tsv", "".join("\t".join(row) + "\n" for row in live).encode())


def _audio_of(connection: Connection, take: str) -> bytes:
    """Nothing, where it was replaced this moment."""
    found = connection.execute(AUDIO, {"id": take})
    return bytes.fromhex(str(found[0][0])) if found else b""


def with_takes(session: Session, shipped: Catalogue) -> Catalogue:
    """What callers hear, for a program that looks once."""
    live = session.execute(sa.text(LIVE)).all()
    ids = [uuid.UUID(str(take)) for take, _, _ in live]
    audio = dict(session.execute(sa.select(Take.id, Take.audio).where(Take.id.in_(ids))).all())
    takes = {Clip(prompt, language): audio[take] for take, language, prompt in live}
    return shipped.with_takes(takes, former=shipped)
