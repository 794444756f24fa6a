"""Alembic's environment: runs on the connection that hotline.db.upgrade hands over."""

from typing import Any, Literal

from alembic import context
from flask_security import AsaList

from hotline import outbox as _outbox
from hotline.callbacks import models as _callbacks
from hotline.casework import models as _casework
from hotline.db import Base
from hotline.directory import models as _directory
from hotline.intake import models as _intake
from hotline.mailbox import models as _mailbox
from hotline.menus import models as _menus
from hotline.staff import models as _staff
from hotline.studio import models as _studio
from hotline.transcription import models as _transcription
from hotline.vault import audit as _audit
from hotline.vault.columns import SealedText

ROOMS = (
    _audit,
    _callbacks,
    _casework,
    _directory,
    _intake,
    _mailbox,
    _menus,
    _outbox,
    _staff,
    _studio,
    _transcription,
)


def write_type(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Old migrations must not import today's code: our types and the libraries' are plain to them."""
    if kind == "type" and isinstance(item, SealedText):
        return "sa.LargeBinary()"
    return "sa.Text()" if kind == "type" and isinstance(item, AsaList) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_server_default=True,
    render_item=write_type,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.execute("SET lock_timeout = '5s'")
    context.run_migrations()
