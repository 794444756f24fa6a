"""Names that are spoken, waited for and heard, as the tests of them ask for it."""

from io import BytesIO

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, undefer

from hotline.directory.models import AreaName, HelpName, HelpPlace
from hotline.flow.areas import key_of
from hotline.flow.turn import Clip
from hotline.webhooks.switchboard import KEY
from tests.signing_in import token_of

NAMED = {"place": "names", "area": "area/names"}  # what has a name, and where it is recorded


def record_it(client: FlaskClient, place: HelpPlace, named: str, sound: bytes, language: str = "th") -> str:
    """The page after it."""
    address = f"/help/{place.id}/{NAMED[named]}/{language}"
    fields = {"csrf_token": token_of(client.get("/me").text), "recording": (BytesIO(sound), "x.wav")}
    return client.post(address, data=fields, follow_redirects=True).text


def names_there(session: Session) -> list[HelpName | AreaName]:
    session.rollback()
    session.expire_all()
    return [
        *session.scalars(sa.select(HelpName).options(undefer(HelpName.audio)).order_by(HelpName.made_at)),
        *session.scalars(sa.select(AreaName).options(undefer(AreaName.audio)).order_by(AreaName.made_at)),
    ]


def name_waiting(session: Session) -> HelpName | AreaName:
    (waits,) = (name for name in names_there(session) if name.state == "waiting")
    return waits


def decide_it(client: FlaskClient, name: HelpName | AreaName, verdict: str, **more: str) -> str:
    fields = {"csrf_token": token_of(client.get("/me").text), "verdict": verdict, **more}
    return client.post(f"/help/names/{name.id}", data=fields, follow_redirects=True).text


def prompt_of(place: HelpPlace, named: str) -> str:
    return f"place.{place.id.hex}" if named == "place" else f"area.{key_of('TH', 'Mahachai')}"


def heard_of(app: Flask, prompt: str) -> bytes | None:
    """What callers hear in Thai, if anything."""
    catalogue = app.extensions[KEY].voices.now(older_than=-1.0)
    return bytes(catalogue.sound(Clip(prompt, "th")).audio) if catalogue.recorded_in(prompt) else None
