"""The same tree walked by texts: a keyword begins, a number answers, whatever else is written goes to people.

A node is met by texts where it has words for one (`text`). Others are passed as if no key came there; where
the way ends without a word, nothing is sent.
"""

import unicodedata
from dataclasses import dataclass, replace

from hotline.flow.keys import MORE_KEY
from hotline.flow.languages_by_text import has_more_texts, languages_by_text, offer_languages
from hotline.flow.look_up_help import Asked, Told
from hotline.flow.nodes import HelpNearby, Information, LanguageMenu, Microphone, Question
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE, leave
from hotline.flow.nodes.language import DANGER_KEY
from hotline.flow.places import kinds_of
from hotline.flow.position import Position
from hotline.flow.tree import Tree
from hotline.flow.turn import Act, Facts, Pressed


@dataclass(frozen=True)
class TextTurn:
    """What a text led to."""

    position: Position | None  # where the next text is heard; nothing: nowhere in particular
    says: str = ""  # the name of the words that are sent, in the scripts' `texts`
    language: str | None = None  # the one they are sent in
    does: Act | None = None
    chose_language: bool = False
    answer: tuple[str, str] | None = None  # (what was asked, what was answered), as staff read it
    words: str = ""  # sent before what it `says`: words of no script
    offers: tuple[tuple[str, str], ...] = ()  # (key, name of its words), sent instead


def begin_by_text(tree: Tree, node: str, language: str, *, chosen: bool, facts: Facts) -> TextTurn:
    """A keyword leads straight to a node."""
    position = Position(tree.name, node, language=language, chosen=chosen, version=tree.version)
    return _walk(tree, position, node, replace(facts, reads=True))


def ask_language(tree: Tree, facts: Facts) -> TextTurn | None:
    """The question which language they write in; nothing where there is nothing to choose."""
    node = tree.nodes.get(tree.language_menu or "")
    if not isinstance(node, LanguageMenu) or not node.text or len(facts.languages) < 2:
        return None
    return _of_languages(node, Position(tree.name, str(tree.language_menu), version=tree.version), facts)


def hear_text(tree: Tree, position: Position, body: str, facts: Facts) -> TextTurn | None:
    """The answer to what was asked at this position; nothing, where the text is no answer but words for people."""
    node, key, facts = tree.nodes.get(position.node), key_of(body), replace(facts, reads=True)
    if not isinstance(node, Waiting) or key is None:
        return None
    if isinstance(node, LanguageMenu):
        return _choose_language(tree, node, position, key, facts)
    if isinstance(node, Question) and node.is_too_late(key, facts):
        if position.wrong:
            return None
        return TextTurn(replace(position, wrong=1), node.text_late or node.text or "", position.language)
    way = node.hear(position, Pressed(key), facts)
    turned = isinstance(node, HelpNearby) and way.position.page != position.page
    if way.to == position.node and not turned:  # a number that was not offered
        if position.wrong:
            return None
        if isinstance(node, HelpNearby):
            return _of_help(node, replace(position, wrong=1), facts)
        return TextTurn(replace(position, wrong=1), node.text or "", position.language)
    turn = _walk(tree, way.position, way.to, facts)
    said = (node.about, node.answers[key]) if isinstance(node, Question) and key in node.answers else None
    return replace(turn, answer=said)


def key_of(body: str) -> str | None:
    """The key that a text is, where it is one and nothing more; people write digits of their own script."""
    body = body.strip().rstrip(".)")
    if len(body) != 1:
        return None
    return str(unicodedata.decimal(body)) if body.isdecimal() else body if body in "*#" else None


def _walk(tree: Tree, position: Position, to: str, facts: Facts) -> TextTurn:
    does: Act | None = None
    for _ in tree.nodes:  # a tree may lead round and round where no key is waited for
        name = tree.microphone if to == MICROPHONE else to
        node = tree.nodes[name]
        if isinstance(node, HelpNearby):
            return _of_help(node, replace(position, node=name), facts)
        if isinstance(node, LanguageMenu) and node.text:
            return _of_languages(node, replace(leave(position), node=name), facts)
        scene = node.enter(replace(leave(position), node=name), facts)
        position, does = scene.position, scene.does or does
        if isinstance(node, Information):
            return TextTurn(None, node.text_here(facts), position.language, does)
        if says := node.text_here(facts):
            waits = isinstance(node, Waiting | Microphone)
            return TextTurn(position if waits else None, says, position.language, does)
        onward = scene.then or (node.otherwise if isinstance(node, Waiting) else None)
        if onward is None:
            return TextTurn(None, node.text or "", position.language, does)
        to = onward
    return TextTurn(None, "", position.language, does)


def _choose_language(
    tree: Tree, node: LanguageMenu, position: Position, key: str, facts: Facts
) -> TextTurn | None:
    """By the keys of the text that was sent, which are not those that are spoken."""
    if chosen := languages_by_text(facts, position.page).get(key):
        way = node.speak(position, chosen)
        return replace(_walk(tree, way.position, way.to, facts), chose_language=True)
    if key == DANGER_KEY and node.danger:
        return _walk(tree, position, node.danger, facts)
    if key == MORE_KEY and has_more_texts(facts):
        return _of_languages(node, replace(leave(position), page=position.page + 1), facts)
    return None if position.wrong else _of_languages(node, replace(position, wrong=1), facts)


def _of_languages(node: LanguageMenu, position: Position, facts: Facts) -> TextTurn:
    return TextTurn(position, node.text or "", position.language, words=offer_languages(facts, position.page))


def _of_help(node: HelpNearby, position: Position, facts: Facts) -> TextTurn:
    """The place that is told at this position, the areas that are offered, or what kinds of help there are."""
    match node.find(position, facts):
        case Told(place=place, here=here, others=others):
            more = node.text_next if others else ""
            return TextTurn(
                replace(position, page=here.to_page()), more, position.language, words=place.words
            )
        case Asked(menu=menu):
            return TextTurn(position, language=position.language, words=menu.words)
    offers = tuple((key, f"help.{kind}") for key, kind in kinds_of(facts.places).items())
    if not offers:
        return TextTurn(None, node.text or "", position.language)
    return TextTurn(replace(position, page=0), language=position.language, offers=offers)
