"""Start and go on: a tree, a position, what was heard and a few facts in; a Turn out.

Whatever comes in, the way leads to a goodbye or to the microphone, and nobody reaches the
microphone without the consent having been played to them; a key may have cut it short.
"""

from dataclasses import replace
from functools import lru_cache
from typing import TypeGuard

from hotline.flow.borrowed_phone import ask_silent_caller, note_understanding
from hotline.flow.nodes import LanguageMenu, Microphone, Node
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE, Scene, Way, leave, spoken
from hotline.flow.nodes.language import DANGER_KEY, LANGUAGE_KEY
from hotline.flow.position import Position
from hotline.flow.tree import Tree
from hotline.flow.turn import (
    Act,
    Admitted,
    Clip,
    Dial,
    Facts,
    Gather,
    Heard,
    NobodyTook,
    NoKey,
    NotAdmitted,
    NothingRecorded,
    NotNow,
    Pressed,
    Record,
    Recorded,
    Talked,
    Turn,
)

__all__ = [
    "Act",
    "Admitted",
    "Clip",
    "Dial",
    "Facts",
    "Gather",
    "Heard",
    "NoKey",
    "NobodyTook",
    "NotAdmitted",
    "NotNow",
    "NothingRecorded",
    "Pressed",
    "Record",
    "Recorded",
    "Talked",
    "Turn",
    "rescue",
    "resume",
    "start",
]
RESCUES = 5  # turns beyond the most that even rescue offers the microphone


# Many callers stand at the same place and press the same key; a Turn is the same for them all.
remembered = lru_cache(maxsize=4096)


@remembered
def start(tree: Tree, facts: Facts) -> Turn:
    """A call begins, in the language that was chosen from this phone before, where the line still offers it.

    It is only assumed as yet (borrowed_phone), also where we called: the key of that call is pressed by everybody.
    """
    position = Position(tree=tree.name, version=tree.version, node=tree.start)
    known = facts.remembered in facts.languages
    if known:
        position = replace(position, language=facts.remembered)
    holiday = tree.says_holiday if facts.hours == "holiday" else ()
    before = spoken((facts.announcement,) if facts.announcement else holiday, position, facts)
    begins = MICROPHONE if facts.straight else tree.greeted if known else tree.start
    return _go(tree, position, begins, facts, before)


@remembered
def resume(tree: Tree, position: Position, heard: Heard, facts: Facts) -> Turn:
    """The call goes on with what was heard."""
    position = replace(_known(position, facts), turn=position.turn + 1)
    node = tree.nodes.get(position.node)
    if node is None:  # the tree has changed under the call
        return _go(tree, position, MICROPHONE, facts)
    if heard == Pressed(LANGUAGE_KEY) and _is_free(node, LANGUAGE_KEY) and tree.language_menu:
        way = Way(replace(leave(position), mailbox=""), tree.language_menu)
    elif heard == Pressed(DANGER_KEY) and _is_free(node, DANGER_KEY) and tree.danger and node.one_key:
        way = Way(leave(position), tree.danger)
    else:
        way = ask_silent_caller(tree, node, position, heard, facts) or node.hear(position, heard, facts)
    way = note_understanding(way, node, position, heard, facts)
    to = MICROPHONE if _too_long(tree, way.to, position, facts) else way.to
    turn = _go(tree, way.position, to, facts, way.first)
    if way.chose_language or way.replay or way.does or way.replies:
        does = tuple(dict.fromkeys((*((way.does,) if way.does else ()), *turn.does)))
        turn = replace(turn, does=does, topic=way.topic, words=way.words, replies=way.replies)
        unsent = (*way.unsent, *turn.plays[len(way.first) :]) if way.unsent else ()
        return replace(turn, unsent=unsent, chose_language=way.chose_language, replay=way.replay)
    return turn


def rescue(tree: Tree, position: Position | None, facts: Facts) -> Turn:
    """Something broke: one sentence of apology, then the microphone; in the end a goodbye."""
    here = position or Position(tree=tree.name, version=tree.version, node=tree.microphone)
    here = replace(leave(_known(here, facts)), turn=min(here.turn + 1, 999))
    sorry = spoken(tree.says_sorry, here, facts)
    over = here.turn > facts.most_turns + RESCUES
    return _go(tree, here, tree.over if over else MICROPHONE, facts, sorry)


def _go(tree: Tree, position: Position, to: str, facts: Facts, first: tuple[Clip, ...] = ()) -> Turn:
    """Walk on, gathering what is played, until a node waits or the call ends."""
    plays = first
    does: tuple[Act, ...] = ()
    for _ in range(len(tree.nodes) + 1):  # a tree has no circle that never waits; were there one, it ends
        scene = _enter(tree, position, to, facts)
        plays += scene.plays
        does += (scene.does,) if scene.does else ()
        if scene.then is None:
            return Turn(scene.position, plays, scene.wait, does=does)
        position, to = scene.position, scene.then
    return Turn(position, plays, None, does=does)


def _is_free(node: Node, key: str) -> TypeGuard[Waiting]:
    """Wherever a key is waited for and this one has no other meaning."""
    return isinstance(node, Waiting) and not isinstance(node, LanguageMenu) and key not in node.choices()


def _enter(tree: Tree, position: Position, to: str, facts: Facts) -> Scene:
    name = tree.microphone if to == MICROPHONE else to
    node = tree.nodes[name]
    before: tuple[Clip, ...] = ()
    if isinstance(node, Microphone) and not position.consented:
        own = node.says_consent and not position.asked
        before = () if own else spoken(tree.consent.says, position, facts)
        position = replace(position, consented=True)
    scene = node.enter(replace(position, node=name), facts)
    return replace(scene, plays=before + scene.plays) if before else scene


def _known(position: Position, facts: Facts) -> Position:
    """A language that the line offers no longer is none."""
    if position.language is None or position.language in facts.languages:
        return position
    return replace(position, language=None, chosen=False)


def _too_long(tree: Tree, to: str, position: Position, facts: Facts) -> bool:
    """After so many turns the next is the microphone, unless the caller is there or has been."""
    return position.turn >= facts.most_turns and tree.waits_for_key(to)
