"""Where help is: what callers are told, what wants to be checked again, and the form for one place."""

import uuid
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.carrier.numbers import COUNTRIES, country_of
from hotline.db import utcnow
from hotline.directory.ages import by_age
from hotline.directory.areas import areas_of
from hotline.directory.check_again import check_again
from hotline.directory.keep_place import NotAPlace, Typed, keep_place
from hotline.directory.models import HelpPlace
from hotline.directory.name_pages import language_asked_for
from hotline.directory.names import by_language
from hotline.directory.withdraw import withdraw
from hotline.flow.places import HELP
from hotline.flow.texts import GSM_7, GSM_7_FITS, GSM_7_TWICE, UCS_2_FITS
from hotline.settings import Settings
from hotline.web.database import session
from hotline.web.parts import known_languages
from hotline.web.rules import allowed, my_id
from hotline.web.shared import country_name, language_name
from hotline.web.uploads import MICROPHONE

pages = Blueprint("places", __name__, template_folder="templates", url_prefix="/help")


@pages.get("")
@allowed("manage_places")
def places() -> ResponseReturnValue:
    return _list()


@pages.post("")
@allowed("manage_places")
def add() -> ResponseReturnValue:
    """Add a place; what was typed stays in the page when it cannot be."""
    typed = _typed()
    try:
        place = keep_place(session(), typed, known_languages(), my_id(), utcnow()).place
    except NotAPlace as wrong:
        session.rollback()
        return _list(typed, str(wrong)), 400
    session.commit()
    flash(f"{place.name} is told to callers within a few seconds.")
    return redirect(url_for(".place", place_id=place.id))


@pages.get("/<uuid:place_id>")
@allowed("manage_places")
def place(place_id: uuid.UUID) -> ResponseReturnValue:
    answer = Response(_one(_find(place_id)))
    answer.headers["Permissions-Policy"] = MICROPHONE
    return answer


@pages.post("/<uuid:place_id>")
@allowed("manage_places")
def change(place_id: uuid.UUID) -> ResponseReturnValue:
    found, typed = _find(place_id, lock=True), _typed()
    try:
        kept = keep_place(session(), typed, known_languages(), my_id(), utcnow(), found)
    except NotAPlace as wrong:
        session.rollback()
        return _one(_find(place_id), typed, str(wrong)), 400
    session.commit()
    flash("Kept, and checked today.")
    if kept.unheard:
        languages = ", ".join(map(language_name, kept.unheard))
        flash(
            f"Its spoken name was approved for other words ({languages}): callers are told its kind alone "
            "until a second person has listened to it again, or to one that is recorded anew."
        )
    return redirect(url_for(".place", place_id=place_id))


@pages.post("/<uuid:place_id>/act")
@allowed("manage_places")
def act(place_id: uuid.UUID) -> ResponseReturnValue:
    """It is as it stands, or nobody is told of it any more."""
    found, does = _find(place_id, lock=True), request.form.get("do")
    if does == "check":
        check_again(session(), found, my_id(), utcnow())
    elif does == "withdraw":
        withdraw(session(), found, my_id(), utcnow())
    else:
        abort(400)
    session.commit()
    return redirect(url_for(".places"))


def _list(typed: Typed | None = None, wrong: str = "") -> str:
    newest = sa.select(HelpPlace).order_by(HelpPlace.country, HelpPlace.name)
    all_places = session.scalars(newest).all()
    ages = by_age((one for one in all_places if one.withdrawn_at is None), utcnow(), _settings().help_days)
    withdrawn = [one for one in all_places if one.withdrawn_at is not None]
    return _page(
        "directory/places.html", typed, wrong, ages=ages, withdrawn=withdrawn, areas=areas_of(all_places)
    )


def _one(found: HelpPlace, typed: Typed | None = None, wrong: str = "") -> str:
    return _page(
        "directory/place.html", typed or found, wrong, place=found, spoken_names=by_language(found.names),
        language=language_asked_for(), areas=areas_of(session.scalars(sa.select(HelpPlace))),
    )  # fmt: skip


def _page(template: str, typed: Typed | HelpPlace | None, wrong: str, **more: Any) -> str:
    """`typed` is what the form shows."""
    ours = _our_countries()
    return render_template(
        template, page="places", typed=typed or Typed("", "", ours[0] if ours else "", "", ""), wrong=wrong,
        kinds=HELP, ours=ours, countries=sorted(COUNTRIES - set(ours), key=country_name),
        spoken=sorted(known_languages()), days=_settings().help_days,
        signs="".join(sorted(GSM_7)), twice="".join(sorted(GSM_7_TWICE)), fits=(GSM_7_FITS[0], UCS_2_FITS[0]), **more,
    )  # fmt: skip


def _our_countries() -> list[str]:
    """Those of our lines."""
    lines = session.execute(sa.text("SELECT number, country FROM lines ORDER BY added_at"))
    return list(dict.fromkeys(here for line in lines if (here := country_of(*line)) in COUNTRIES))


def _typed() -> Typed:
    form = request.form

    def line(name: str) -> str:
        return " ".join(form.get(name, "").split())

    return Typed(
        kind=line("kind"), name=line("name"), country=line("country"), number=line("number"),
        source=line("source"), area=line("area"),
        languages=tuple(dict.fromkeys(line("languages").replace(",", " ").split())), hours=line("hours"),
        always="always" in form, words=form.get("words", "").replace("\r\n", "\n").strip(),
    )  # fmt: skip


def _find(place_id: uuid.UUID, *, lock: bool = False) -> HelpPlace:
    """Locked, it can still be recorded what it is called."""
    return session.get(HelpPlace, place_id, with_for_update={"key_share": True} if lock else None) or abort(
        404
    )


def _settings() -> Settings:
    found: Settings = current_app.extensions["hotline.settings"]
    return found
