"""Trees as a picture with its callers; versions, rehearsal, release and the way back."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.db import utcnow
from hotline.flow.check_tree import find_doubts
from hotline.flow.load_tree import load_trees, read_tree
from hotline.flow.nodes.language import OFFER
from hotline.flow.prompts import PROMPTS
from hotline.flow.tree import Fault, Tree, TreeError
from hotline.flow.turn import Clip, Record
from hotline.menus.change_tree import (
    NotYet,
    live_release,
    live_tree,
    note_rehearsal,
    release,
    released_tree,
    was_live,
    write_version,
)
from hotline.menus.exits import LATELY, UNASKED, count_callers
from hotline.menus.models import TreeRelease, TreeVersion
from hotline.menus.picture import draw, exits_of, keys_of
from hotline.menus.rehearse import CALLERS, next_turn
from hotline.menus.unspoken import tell_unspoken
from hotline.menus.voices import Voices, voices_of_nodes
from hotline.settings import Settings
from hotline.studio.coverage import cover
from hotline.web.database import session
from hotline.web.parts import catalogue, known_trees
from hotline.web.rules import allowed, my_id

pages = Blueprint("menus", __name__, template_folder="templates")

MOST = 10**6  # versions of one tree: beyond it a number is nonsense


@pages.get("/trees")
@allowed("manage_menus")
def trees() -> ResponseReturnValue:
    return redirect(url_for(".tree", name=min(known_trees(), key=lambda name: (name != "main", name))))


@pages.get("/trees/<name>")
@allowed("manage_menus")
def tree(name: str) -> ResponseReturnValue:
    try:
        shown, faults = released_tree(session(), _shipped(name)), []
    except TreeError as broken:  # callers hear the shipped one, as this page shows it
        shown, faults = _shipped(name), broken.faults
    callers = count_callers(session(), shown, utcnow() - LATELY, rehearsal=_settings().rehearsal)
    voices = _voices(shown)
    return _page(
        "menus/tree.html", shown, picture=draw(shown, callers, voices), voices=voices, callers=callers,
        live=live_release(session(), name), exits={node: exits_of(shown, node) for node in shown.nodes},
        keys={node: keys_of(shown, node, callers) for node in shown.nodes}, doubts=_doubts(shown),
        names=sorted(known_trees()), versions=_versions(name), releases=_releases(name), faults=faults, unasked=UNASKED,
    )  # fmt: skip


@pages.get("/trees/<name>/write")
@allowed("manage_menus")
def write(name: str) -> ResponseReturnValue:
    return _editor(name, _source(name, request.args.get("from", "")), [])


@pages.post("/trees/<name>/write")
@allowed("manage_menus")
def keep(name: str) -> ResponseReturnValue:
    """Keep it as the next version; with a fault it is shown again, with what was typed."""
    _shipped(name)
    typed = request.form.get("source", "")
    try:
        version = write_version(session(), name, typed, my_id(), utcnow(), catalogue().scripts)
    except TreeError as broken:
        session.rollback()
        return _editor(name, typed, broken.faults), 400
    session.commit()
    return redirect(url_for(".version", name=name, number=version.number))


@pages.get("/trees/<name>/versions/<int:number>")
@allowed("manage_menus")
def version(name: str, number: int) -> ResponseReturnValue:
    return _walk(name, number, request.args.get("caller", ""), at="", keys="", did="")


@pages.post("/trees/<name>/versions/<int:number>")
@allowed("manage_menus")
def walk(name: str, number: int) -> ResponseReturnValue:
    """One answer of a rehearsal."""
    form = request.form
    keys = form.get("keys", "").strip()[:20]
    return _walk(name, number, form.get("caller", ""), form.get("at", ""), keys, form.get("did", ""))


@pages.post("/trees/<name>/release")
@allowed("manage_menus")
def put_live(name: str) -> ResponseReturnValue:
    """This version from now on: forwards or back."""
    _shipped(name)
    said = request.form.get("number", "")
    number = _number(said)
    if number is None:
        abort(404)
    try:
        release(session(), name, number, _unspoken(name, number), my_id(), utcnow())
    except NotYet as not_yet:
        session.rollback()
        flash(str(not_yet))
        return redirect(
            url_for(".version", name=name, number=number) if number else url_for(".tree", name=name)
        )
    except sa.exc.NoResultFound:
        abort(404)
    session.commit()
    flash(f"Version {number} is live: new calls hear it within a few seconds, calls under way end on theirs.")
    return redirect(url_for(".tree", name=name))


def _unspoken(name: str, number: int) -> list[str]:
    """What callers of each live line would not hear from a person, as sentences."""
    if _settings().env != "production":
        return []
    try:
        released = read_tree(_source(name, str(number)), name, number)
    except TreeError:  # of an older release of ours
        return [f"Version {number} is not one that this hotline can still read."]
    before = live_tree(session(), _shipped(name)) if was_live(session(), name, number) else None
    return tell_unspoken(session(), catalogue(), released, before)


def _walk(name: str, number: int, caller: str, at: str, keys: str, did: str) -> str:
    wanted = sa.select(TreeVersion).where(TreeVersion.tree == name, TreeVersion.number == number)
    kept = (number < MOST and session.scalars(wanted).first()) or abort(404)
    try:
        shown = read_tree(kept.source, name, number)
    except TreeError as broken:  # kept by an older release of ours: it is mended as a new version
        return _editor(name, kept.source, broken.faults)
    caller = caller if caller in CALLERS else "new"
    turn = next_turn(shown, _languages(name), at, keys, did, caller)
    if isinstance(turn.wait, Record) and at:
        note_rehearsal(session(), kept, my_id(), utcnow())
        session.commit()
    words = catalogue()
    heard = [
        (
            words.text(clip.prompt, clip.language),
            "" if clip.prompt == OFFER else words.text(clip.prompt, "en"),
            clip,
        )
        for clip in turn.plays
    ]  # each language offers itself: the English words would say another
    return _page(
        "menus/version.html", shown, kept=kept, turn=turn, heard=heard, doubts=_doubts(shown),
        waits=type(turn.wait).__name__.lower() if turn.wait else "", live=live_release(session(), name),
        caller=caller, callers=CALLERS,
    )  # fmt: skip


def _editor(name: str, source: str, faults: list[Fault]) -> str:
    return _page("menus/write.html", _shipped(name), source=source, faults=faults)


def _page(template: str, shown: Tree, **more: Any) -> str:
    return render_template(template, page="trees", tree=shown, **more)


def _source(name: str, number: str) -> str:
    """This version, or the one that is live; the shipped one where it is neither."""
    _shipped(name)
    wanted = sa.select(TreeVersion).where(TreeVersion.tree == name)
    live = live_release(session(), name)
    begin = (
        int(number)
        if number.isascii() and number.isdigit() and len(number) < 7
        else live.number
        if live
        else 0
    )
    kept = session.scalars(wanted.where(TreeVersion.number == begin)).first()
    if kept:
        return kept.source
    return (PROMPTS / "trees" / f"{name}.yaml").read_text("utf-8")


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < len(str(MOST)) else None


def _shipped(name: str) -> Tree:
    """The tree as its file has it, whatever is live."""
    return load_trees(PROMPTS).get(name) or abort(404)


def _languages(name: str) -> tuple[str, ...]:
    """Those of a line that this tree answers; else the tree's own."""
    of_lines = sa.text("SELECT languages FROM lines WHERE tree = :tree ORDER BY added_at LIMIT 1")
    return tuple(session.scalar(of_lines, {"tree": name}) or ())


def _voices(shown: Tree) -> Voices:
    words = catalogue()
    known = [language for language in shown.languages if language in words.scripts]
    return voices_of_nodes(shown, words.scripts, cover(session(), words, known))


def _doubts(shown: Tree) -> list[Fault]:
    words = catalogue()
    return list(find_doubts(shown, lambda prompt, language: words.sound(Clip(prompt, language)).seconds))


def _versions(name: str) -> list[TreeVersion]:
    newest = sa.select(TreeVersion).where(TreeVersion.tree == name).order_by(TreeVersion.number.desc())
    return list(session.scalars(newest.limit(20)))


def _releases(name: str) -> list[TreeRelease]:
    newest = sa.select(TreeRelease).where(TreeRelease.tree == name).order_by(TreeRelease.id.desc())
    return list(session.scalars(newest.limit(10)))


def _settings() -> Settings:
    found: Settings = current_app.extensions["hotline.settings"]
    return found
