"""What work needs, made in the process that does it: nothing is opened before RQ forks."""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.profiles import profile_for
from hotline.db import make_engine, make_sessions
from hotline.media.open_store import open_store
from hotline.media.store import MediaStore
from hotline.settings import Settings, read_settings
from hotline.vault.keys import unlock
from hotline.writer import Writer


@dataclass
class Tools:
    """Settings, sessions, the carrier's REST API and the store of audio."""

    settings: Settings

    @cached_property
    def engine(self) -> sa.Engine:
        return make_engine(self.settings, pool_size=2, ask_first=True)  # at work, and holding on

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        return make_sessions(self.engine)

    @cached_property
    def writer(self) -> Writer:
        return Writer(self.settings)

    @cached_property
    def carrier(self) -> Carrier:
        return Carrier(
            self.settings.twilio_account_sid,
            self.settings.twilio_auth_tokens[0],
            self.settings.twilio_api_url,
            profile_for(self.settings),
        )

    @cached_property
    def media(self) -> MediaStore:
        return open_store(self.settings)


def take_tools(settings: Settings | None = None) -> Tools:
    """Read the settings where none are given, and unlock the vault. Raises: WrongSettings."""
    known = settings or read_settings()
    unlock(known)
    return Tools(known)
