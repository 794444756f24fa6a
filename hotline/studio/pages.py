"""The prompt studio: languages by prompts at a glance; record, listen, approve, go back."""

import uuid
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import undefer

from hotline.db import utcnow
from hotline.flow.numbered import NUMBERS, Numbered, read_numbers
from hotline.flow.prompts import Script
from hotline.flow.studio import STUDIO_PROMPTS
from hotline.flow.turn import Clip
from hotline.media.ffmpeg import CannotDecode
from hotline.media.listen import LOUDNESS
from hotline.studio.by_telephone import look_at_telephone
from hotline.studio.coverage import SAID, cover, unspoken
from hotline.studio.models import How, Take
from hotline.studio.table import group, wanted_by
from hotline.studio.take import NotYours, add_take, decide, takes_of
from hotline.web.database import session
from hotline.web.parts import catalogue, known_trees
from hotline.web.rules import allowed
from hotline.web.uploads import MICROPHONE, let_recordings_in, recording_sent

pages = Blueprint("studio", __name__, template_folder="templates", url_prefix="/studio")


let_recordings_in(pages, "take")


@pages.get("")
@allowed("manage_prompts")
def studio() -> ResponseReturnValue:
    return studio_page()


@pages.get("/<language>/<prompt>")
@allowed("manage_prompts")
def prompt(language: str, prompt: str) -> ResponseReturnValue:
    script_of(language, prompt)
    answer = Response(studio_page(Clip(prompt, language)))
    answer.headers["Permissions-Policy"] = MICROPHONE
    return answer


@pages.post("/<language>/<prompt>")
@allowed("manage_prompts")
def take(language: str, prompt: str) -> ResponseReturnValue:
    """A recording, from the browser's microphone or a file."""
    words = script_of(language, prompt)
    sent = recording_sent()
    if sent is None:
        flash("Choose a file, or record.")
        return redirect(url_for(".prompt", language=language, prompt=prompt))
    how: How = "browser" if request.form.get("how") == "browser" else "file"
    try:
        made = add_take(session(), language, prompt, words, sent, how, current_user, utcnow())
    except (CannotDecode, NotYours) as cannot:
        session.rollback()
        flash(f"This cannot be used: {cannot}" if isinstance(cannot, CannotDecode) else str(cannot))
    else:
        session.commit()
        flash(
            f"Version {made.number}: {made.seconds:.1f} s, {_how_loud(made.loudness)} It waits for a second person."
        )
    return redirect(url_for(".prompt", language=language, prompt=prompt))


@pages.post("/takes/<uuid:take_id>")
@allowed("manage_prompts")
def verdict(take_id: uuid.UUID) -> ResponseReturnValue:
    said = request.form.get("verdict", "")
    if said not in ("approve", "refuse", "back"):
        abort(400)
    try:
        made = decide(session(), take_id, said, current_user, utcnow())
    except sa.exc.NoResultFound:
        abort(404)
    except NotYours as not_yours:
        session.rollback()
        flash(str(not_yours))
        made = session.get(Take, take_id) or abort(404)
    else:
        session.commit()
    return redirect(url_for(".prompt", language=made.language, prompt=made.prompt))


@pages.get("/takes/<uuid:take_id>.wav")
@allowed("manage_prompts")
def audio(take_id: uuid.UUID) -> Response:
    """As on a telephone."""
    made = session.get(Take, take_id, options=[undefer(Take.audio)]) or abort(404)
    answer = Response(made.audio, mimetype="audio/wav")
    answer.headers["Accept-Ranges"] = "bytes"
    answer.make_conditional(request, accept_ranges=True, complete_length=len(made.audio))
    return answer


@pages.get("/sounds/<sha>.wav")
@allowed("manage_prompts")
def sound(sha: str) -> Response:
    """What callers hear now."""
    found = catalogue().by_sha(sha) or abort(404)
    answer = Response(found.audio, mimetype="audio/wav")
    answer.make_conditional(request, accept_ranges=True, complete_length=len(found.audio))
    return answer


def studio_page(chosen: Clip | None = None, pin: str = "") -> str:
    """The studio, with one prompt open, or with a PIN that is shown this once."""
    words = catalogue()
    languages = _languages()
    cells = cover(session(), words, languages)
    tree = _tree()
    every = numbered()
    wanted = wanted_by(languages, words, every, known_trees(), tree)
    heard = {language: wanted[language].difference(STUDIO_PROMPTS) for language in languages}  # by callers
    missing = {language: len(unspoken(cells, language, heard[language])) for language in languages}
    here = {one.group for one in every if chosen and one.prompt == chosen.prompt}
    groups = group(every, wanted, here.union(request.args.getlist("open")))
    more = _chosen(chosen) if chosen else {}
    return render_template(
        "studio/studio.html", page="prompts", languages=languages, cells=cells, said=SAID, scripts=words.scripts,
        clip=Clip, groups=groups, wanted=wanted, heard=heard, missing=missing, chosen=chosen, tree=tree,
        trees=sorted(known_trees()), telephone=look_at_telephone(session(), current_user, utcnow()), pin=pin,
        titles={one.prompt: f"{one.number} {one.title}" for one in every},
        mine_spoken=[language for language in languages if language in current_user.languages], **more,
    )  # fmt: skip


def _chosen(clip: Clip) -> dict[str, Any]:
    words = catalogue()
    script = words.scripts[clip.language]
    numbers = {one.prompt: one for one in numbered()}
    return {
        "number": numbers.get(clip.prompt),
        "takes": takes_of(session(), clip.language, clip.prompt),
        "meaning": words.text(clip.prompt, "en"),
        "as_in": _as_in(script, clip.prompt),
        "script": script,
        "sound": words.sound(clip),
        "speaks": clip.language in current_user.languages,
        "how_loud": _how_loud,
    }


def _as_in(script: Script, prompt: str) -> str:
    """What a part of a number, or of a sentence with one, is heard with; empty for other prompts."""
    if script.numbers is None or prompt.startswith("digit."):
        return ""
    return " ".join(script.prompts[part] for part in script.numbers.example(prompt))


def _languages() -> list[str]:
    """One's own first."""
    mine = set(current_user.languages)
    return sorted(catalogue().scripts, key=lambda language: (language not in mine, language))


def _tree() -> str | None:
    asked = request.args.get("tree", "")
    return asked if asked in known_trees() else None


def numbered() -> tuple[Numbered, ...]:
    """Every prompt, in the order of a call."""
    return read_numbers(NUMBERS)


def script_of(language: str, prompt: str) -> str:
    """What it says in this language; 404 where nothing."""
    script = catalogue().scripts.get(language) or abort(404)
    return script.prompts.get(prompt) or abort(404)


def _how_loud(loudness: float) -> str:
    """What the recorder may do better, in a few words."""
    if loudness < LOUDNESS - 17:
        return f"very quiet ({loudness:.0f} LUFS): speak nearer to the microphone."
    if loudness > LOUDNESS + 9:
        return f"very loud ({loudness:.0f} LUFS): speak further from the microphone."
    return f"loud enough ({loudness:.0f} LUFS as it came)."
