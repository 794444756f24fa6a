"""Start the parts in their order, and say on one screen where to look."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import requests
import sqlalchemy as sa

from hotline.db import make_engine, make_sessions, upgrade
from hotline.demo.name_areas import name_areas
from hotline.demo.programs import programs, write_config
from hotline.demo.seed import (
    LINE,
    STAFF,
    STUDIO_LINE,
    SUPERVISOR,
    add_first_lines,
    add_help,
    add_people,
    play_calls,
)
from hotline.demo.settings import DATABASE, has_own_carrier, take_settings
from hotline.demo.supervise import Supervisor
from hotline.embedded import postgres, valkey
from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS, Catalogue, read_scripts
from hotline.media.placeholders import NoVoices, make_placeholders
from hotline.settings import Settings, read_settings
from hotline.vault.keys import unlock

Say = Callable[[str], None]


class Demo:
    """One demo in one folder."""

    def __init__(self, data: Path, port: int) -> None:
        """Raises: NotReady."""
        self._data = data.resolve()
        self._named = take_settings(self._data, port)
        self._settings: Settings = read_settings(**self._named)
        unlock(self._settings)
        self._database = postgres.socket_folder(postgres.home(self._data / "postgres"))
        own = has_own_carrier(self._named)
        self._programs = programs(self._data, port, own_carrier=own)
        socket = postgres.socket_folder(self._data) / "supervisor.sock"
        socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._supervisor = Supervisor(
            write_config(self._data, socket, self._programs), socket, self._environment()
        )

    def start(self, *, empty: bool, say: Say) -> None:
        """Database first, then the rest, then the first calls. Raises: NotReady."""
        say("Starting PostgreSQL and Redis …")
        self._supervisor.wait_until(lambda: postgres.answers(self._database), "PostgreSQL does not answer")
        redis_url = self._settings.redis_url
        self._supervisor.wait_until(lambda: valkey.answers(redis_url), "Redis does not answer")
        passwords = self._prepare_database()
        self._make_voices(say)
        if passwords:
            self._name_areas()
        say("Starting the hotline …")
        for program in self._programs:
            self._supervisor.start(program.name)
        self._supervisor.wait_until(self._answers, "the hotline does not answer")
        if passwords and not empty and has_own_carrier(self._named):
            say("Playing the first rehearsal calls …")
            play_calls(self._settings, lambda done, of: say(f"  {done} of {of}"))
        say(self._screen(passwords))

    def wait(self) -> None:
        """Until the supervisor ends by itself."""
        self._supervisor.wait()

    def stop(self) -> None:
        self._supervisor.stop()

    def _prepare_database(self) -> dict[str, str]:
        """Create and migrate it; at the first start, the first people and lines."""
        admin = sa.create_engine(postgres.url_of(self._database, "postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            exists = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
            if not connection.scalar(exists, {"name": DATABASE}):
                connection.execute(sa.text(f"CREATE DATABASE {DATABASE}"))
        admin.dispose()
        upgrade(self._settings)
        with make_sessions(make_engine(self._settings, pooled=False))() as session:
            passwords = add_people(session)
            if passwords:
                add_first_lines(session, self._settings)
                add_help(session, load_trees(PROMPTS)["main"].languages)
            session.commit()
        return passwords

    def _make_voices(self, say: Say) -> None:
        folder = self._data / "prompts"
        try:
            mute = make_placeholders(Catalogue.load(PROMPTS, folder), folder)
        except NoVoices as without:
            say(f"  {without}. Prompts without a recording are a tone.")
        else:
            if mute:
                say(f"  No placeholder voice for {', '.join(mute)}: callers hear their fallback.")

    def _name_areas(self) -> None:
        """So that callers can choose one; without a voice they hear of all places."""
        with make_sessions(make_engine(self._settings, pooled=False))() as session, suppress(NoVoices):
            name_areas(session, read_scripts(PROMPTS), SUPERVISOR)
            session.commit()

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **self._named,
            "REHEARSAL_WEBHOOKS": self._settings.public_url,
            "REHEARSAL_ACCOUNT_SID": self._settings.twilio_account_sid,
            "REHEARSAL_AUTH_TOKEN": self._settings.twilio_auth_tokens[0],
            "REHEARSAL_LINES": f"{LINE},{STUDIO_LINE}",
        }

    def _answers(self) -> bool:
        asked = [f"{self._settings.public_url}/healthz"]
        asked += [self._settings.twilio_api_url] if has_own_carrier(self._named) else []
        try:
            return all(requests.get(address, timeout=2).ok for address in asked)
        except requests.RequestException:
            return False

    def _screen(self, passwords: dict[str, str]) -> str:
        lines = ["", "The hotline runs.", "", f"  Console   {self._settings.public_url}"]
        if has_own_carrier(self._named):
            rings = f"rings the line {LINE}; {STUDIO_LINE} is the studio"
            lines.append(f"  Phone     {self._settings.twilio_api_url}  ({rings})")
        lines += ["", "Who can sign in:"]
        for email, _, role, languages in STAFF:
            secret = passwords.get(email, "")
            lines.append(f"  {email:26} {role:14} {languages:12} {secret}".rstrip())
        if not passwords:
            lines.append("  Passwords were shown at the first start; a new one: hotline staff password EMAIL")
        lines += ["", "Ctrl-C stops everything; what was told is kept.", ""]
        return "\n".join(lines)
