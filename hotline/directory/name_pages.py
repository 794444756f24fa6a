"""Spoken names of places and areas: recorded where they are kept, approved by a second person who speaks the language.

Supervisors record them. Whoever may record prompts listens to what waits in the languages that they speak.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.directory.areas import PlacedArea, areas_of
from hotline.directory.decide_name import NotYours, Verdict, decide_name
from hotline.directory.models import HelpName, HelpPlace, SpokenName
from hotline.directory.names import area_names, by_language, find_name, names_that_wait
from hotline.directory.record_name import record_area_name, record_name
from hotline.flow.areas import key_of
from hotline.media.ffmpeg import CannotDecode
from hotline.staff.models import User
from hotline.web.database import session
from hotline.web.parts import known_languages
from hotline.web.rules import allowed, i_may
from hotline.web.uploads import MICROPHONE, let_recordings_in, recording_sent

pages = Blueprint("names", __name__, template_folder="templates", url_prefix="/help")
let_recordings_in(pages, "place_name")
let_recordings_in(pages, "area_name")
Recorder = Callable[[Session, HelpPlace, str, bytes, User, datetime], SpokenName]
VERDICTS: dict[str, Verdict] = {"approve": "approve", "refuse": "refuse"}


@pages.get("/names")
@allowed("manage_prompts")
def waiting() -> ResponseReturnValue:
    """Those that wait for somebody who speaks their language."""
    names = [name for name in names_that_wait(session()) if name.language in current_user.languages]
    return render_template("directory/names.html", page="prompts", names=names)


@pages.get("/names/<uuid:name_id>.wav")
@allowed("manage_prompts")
def audio(name_id: uuid.UUID) -> Response:
    """As on a telephone."""
    found = find_name(session(), name_id) or abort(404)
    answer = Response(found.audio, mimetype="audio/wav")
    answer.make_conditional(request, accept_ranges=True, complete_length=len(found.audio))
    return answer


@pages.post("/names/<uuid:name_id>")
@allowed("manage_prompts")
def verdict(name_id: uuid.UUID) -> ResponseReturnValue:
    """A second person has listened."""
    said = VERDICTS.get(request.form.get("verdict", "")) or abort(400)
    found = find_name(session(), name_id, lock=True)
    if not found:  # a newer recording has taken its place
        flash("It was recorded anew: listen again.")
        return redirect(url_for(".waiting"))
    page = _page_of(found)  # while it is there
    try:
        decide_name(session(), found, said, current_user, utcnow())
    except NotYours as not_yours:
        session.rollback()
        flash(str(not_yours))
    else:
        session.commit()
        flash("Callers hear it within a few seconds." if said == "approve" else "Callers do not hear it.")
    return redirect(page)


@pages.post("/<uuid:place_id>/names/<language>")
@allowed("manage_places")
def place_name(place_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """A recording of a place's name, from the browser's microphone or a file."""
    _take(record_name, _find(place_id), language)
    return redirect(url_for("places.place", place_id=place_id, language=language))


@pages.get("/<uuid:place_id>/area")
@allowed("manage_places")
def area(place_id: uuid.UUID) -> ResponseReturnValue:
    """The area that this place is in."""
    found = _find(place_id)
    here = _area(key_of(found.country, found.area)) or abort(404)
    answer = Response(render_template(
        "directory/area.html", page="places", area=here, place=found, spoken=sorted(known_languages()),
        spoken_names=by_language(area_names(session(), here.key)), language=language_asked_for(),
    ))  # fmt: skip
    answer.headers["Permissions-Policy"] = MICROPHONE
    return answer


@pages.post("/<uuid:place_id>/area/names/<language>")
@allowed("manage_places")
def area_name(place_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """A recording of the name of its area."""
    found = _find(place_id)
    if not key_of(found.country, found.area):
        abort(404)
    _take(record_area_name, found, language)
    return redirect(url_for(".area", place_id=place_id, language=language))


def language_asked_for() -> str:
    """In which a name is to be recorded; empty where none is chosen yet."""
    language = request.args.get("language", "")
    return language if language in known_languages() else ""


def _take(record: Recorder, place: HelpPlace, language: str) -> None:
    if language not in known_languages():
        abort(404)
    sent = recording_sent()
    try:
        if not sent:
            raise CannotDecode("choose a file, or record")
        made = record(session(), place, language, sent, current_user, utcnow())
        session.commit()
        flash(f"{made.seconds:.1f} s. It waits for a second person.")
    except CannotDecode as cannot:
        session.rollback()
        flash(f"This cannot be used: {cannot}.")


def _page_of(name: SpokenName) -> str:
    """Where it was decided: among all that waits, or where the name is kept."""
    if i_may("manage_places") and request.form.get("back") != "names":
        if isinstance(name, HelpName):
            return url_for("places.place", place_id=name.place_id, language=name.language)
        if here := _area(name.area_key):
            return url_for(".area", place_id=here.places[0].id, language=name.language)
    return url_for(".waiting")


def _area(key: str) -> PlacedArea | None:
    areas = areas_of(session.scalars(sa.select(HelpPlace).order_by(HelpPlace.name)))
    return next((area for area in areas if area.key == key), None)


def _find(place_id: uuid.UUID) -> HelpPlace:
    return session.get(HelpPlace, place_id) or abort(404)
