"""The kinds of node a tree is made of: one small file a kind.

A node says what it plays and waits for (`enter`) and where each answer leads (`hear`). A kind is known to
trees by being in AnyNode.
"""

from typing import Annotated

from pydantic import Field

from hotline.flow.nodes.base import Node
from hotline.flow.nodes.consent import Consent
from hotline.flow.nodes.go_to import GoTo
from hotline.flow.nodes.hang_up import HangUp
from hotline.flow.nodes.help import HelpNearby
from hotline.flow.nodes.hours import Hours
from hotline.flow.nodes.information import Information
from hotline.flow.nodes.language import LanguageMenu
from hotline.flow.nodes.mailbox import Mailbox
from hotline.flow.nodes.menu import Menu
from hotline.flow.nodes.new_mailbox import NewMailbox
from hotline.flow.nodes.play import Play
from hotline.flow.nodes.question import Question
from hotline.flow.nodes.record import Microphone
from hotline.flow.nodes.request import CallbackRequest, KeyReport
from hotline.flow.nodes.review import Review
from hotline.flow.nodes.transfer import Transfer

AnyNode = Annotated[
    CallbackRequest
    | Consent
    | GoTo
    | HangUp
    | HelpNearby
    | Hours
    | Information
    | KeyReport
    | LanguageMenu
    | Mailbox
    | Menu
    | Microphone
    | NewMailbox
    | Play
    | Question
    | Review
    | Transfer,
    Field(discriminator="kind"),
]

__all__ = [
    "AnyNode",
    "Consent",
    "HangUp",
    "HelpNearby",
    "Information",
    "LanguageMenu",
    "Mailbox",
    "Menu",
    "Microphone",
    "NewMailbox",
    "Node",
    "Question",
]
