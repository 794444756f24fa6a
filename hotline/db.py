"""The database: its base class, engine and sessions. PostgreSQL, one dialect everywhere."""

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import NullPool
from uuid_utils.compat import uuid7

from hotline.settings import Settings

WAIT = 20.0  # seconds that anything waits for an answer of the database
CONNECT = 2  # seconds for a connection
SWEEPING = 0x53574550  # advisory lock: one sweep at a time, and others see whether there is one
MIGRATING = 0x484F544C  # advisory lock: four processes at a first start migrate once


class Base(DeclarativeBase):
    """What every table shares: predictable constraint names, instants with a zone."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: sa.DateTime(timezone=True),
        str: sa.Text(),
        bytes: sa.LargeBinary(),
        dict[str, Any]: JSONB(),
        list[str]: sa.ARRAY(sa.Text()),
    }


def new_id() -> uuid.UUID:
    """An identifier made here, before the row is (RFC 9562 version 7: ordered by time)."""
    return uuid7()


def utcnow() -> datetime:
    return datetime.now(UTC)


class _Patient(psycopg.Connection[Any]):
    """A connection whose every wait ends: a server that is frozen never answers that it is."""

    patience = WAIT

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except psycopg.OperationalError as late:
            if (
                late.sqlstate is None
            ):  # the server did not say it: what it says next would answer the wrong question
                self.pgconn.finish()
            raise


def make_engine(
    settings: Settings,
    *,
    pooled: bool = True,
    pool_size: int = 20,
    ask_first: bool = False,
    patience: float = WAIT,
) -> sa.Engine:
    """An engine that shows no bound value in its errors, and waits `patience` seconds for an answer.

    A pool opened before a fork is shared by all that are forked: who forks, opens it afterwards. With `ask_first`
    a connection is asked whether it still lives before it is used again, which takes one round more.
    """
    pool: dict[str, Any] = (
        {"pool_size": pool_size, "max_overflow": 20, "pool_timeout": 1, "pool_pre_ping": ask_first}
        if pooled
        else {"poolclass": NullPool}
    )
    address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    options = f"-c timezone=UTC -c statement_timeout={int(patience * 900)}"

    def connect() -> _Patient:
        made = _Patient.connect(address, connect_timeout=CONNECT, options=options)
        made.patience = patience
        return made

    return sa.create_engine(
        settings.database_url,
        hide_parameters=True,
        creator=connect,
        **pool,
    )


def make_sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database to a migration, the newest if none is named, once, however many processes ask."""
    from alembic import command  # heavy, and needed only here
    from alembic.config import Config

    engine = make_engine(settings, pooled=False, patience=24 * 3600)  # a large table takes its time
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATING})
        config = Config()
        config.set_main_option("script_location", "hotline:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
        connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATING})
        connection.commit()
    engine.dispose()
