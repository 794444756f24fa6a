"""The session of a request: `session` here and in pages. A page commits; what it did not commit is gone."""

from flask import Flask, current_app, g
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from hotline.db import make_engine
from hotline.settings import Settings

ENGINE = "hotline.engine"


def _open() -> Session:
    make: sessionmaker[Session] = current_app.extensions["hotline.sessions"]
    return make()


def _whose() -> int:
    return id(g._get_current_object())


session: scoped_session[Session] = scoped_session(_open, scopefunc=_whose)  # type: ignore[arg-type]


def connect_database(app: Flask, settings: Settings) -> None:
    """Give each request a session of its own."""
    engine = make_engine(settings)
    app.extensions[ENGINE] = engine
    app.extensions["hotline.sessions"] = sessionmaker(engine, expire_on_commit=False)

    @app.teardown_appcontext
    def _forget(_error: BaseException | None) -> None:
        session.remove()
