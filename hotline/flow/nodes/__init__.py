"""The kinds of node a tree is made of: one small file a kind.

A node says what it plays and waits for (`enter`) and where each answer leads (`hear`). A kind is
known to trees by being in KINDS.
"""

from typing import Annotated

from pydantic import Field

from hotline.flow.nodes.base import Node
from hotline.flow.nodes.consent import Consent
from hotline.flow.nodes.goodbye import Goodbye
from hotline.flow.nodes.information import Information
from hotline.flow.nodes.language import LanguageMenu
from hotline.flow.nodes.menu import Menu
from hotline.flow.nodes.message import Message

KINDS: dict[str, type[Node]] = {
    "consent": Consent,
    "goodbye": Goodbye,
    "information": Information,
    "language": LanguageMenu,
    "menu": Menu,
    "message": Message,
}
AnyNode = Annotated[
    Consent | Goodbye | Information | LanguageMenu | Menu | Message, Field(discriminator="kind")
]

__all__ = ["KINDS", "AnyNode", "Consent", "Goodbye", "Information", "LanguageMenu", "Menu", "Message", "Node"]
