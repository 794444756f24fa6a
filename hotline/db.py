"""The database: its base class, engine and sessions. PostgreSQL, one dialect everywhere."""

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import NullPool
from uuid_utils.compat import uuid7

from hotline.settings import Settings

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


def make_engine(settings: Settings, *, pooled: bool = True, pool_size: int = 20) -> sa.Engine:
    """An engine that shows no bound value in its errors.

    Unpooled in the children of RQ workers: a pool opened before a fork is shared by all of them.
    """
    pool: dict[str, Any] = (
        {"pool_size": pool_size, "max_overflow": 20, "pool_timeout": 1, "pool_pre_ping": False}
        if pooled
        else {"poolclass": NullPool}
    )
    return sa.create_engine(
        settings.database_url,
        hide_parameters=True,
        connect_args={"connect_timeout": 2, "options": "-c timezone=UTC -c statement_timeout=15000"},
        **pool,
    )


def make_sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


def upgrade(settings: Settings) -> None:
    """Bring the database to the newest migration, once, however many processes ask."""
    from alembic import command  # heavy, and needed only here
    from alembic.config import Config

    engine = make_engine(settings, pooled=False)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATING})
        config = Config()
        config.set_main_option("script_location", "hotline:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATING})
        connection.commit()
    engine.dispose()
