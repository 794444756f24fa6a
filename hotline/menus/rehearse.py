"""Walk through a version as a caller would: one answer in, what is heard next out. Nothing of it is kept."""

from dataclasses import replace

from hotline.flow.engine import (
    Facts,
    Heard,
    NobodyTook,
    NoKey,
    NothingRecorded,
    Pressed,
    Recorded,
    Talked,
    Turn,
    resume,
    start,
)
from hotline.flow.nodes import Mailbox, NewMailbox
from hotline.flow.nodes.mailbox import PIN, WAITING
from hotline.flow.nodes.new_mailbox import is_easy
from hotline.flow.places import INVENTED
from hotline.flow.position import BadPosition, Position
from hotline.flow.tree import Tree
from hotline.flow.turn import Admitted, Clip, MailboxMade

DID: dict[str, Heard] = {
    "no_key": NoKey(),
    "spoke": Recorded(5),
    "said_nothing": NothingRecorded(),
    "nobody_took": NobodyTook(),
    "talked": Talked(),
}
CODE = "123456789012"  # of a mailbox that there is not
CALLERS = {
    "new": "somebody new",
    "before": "who called before",
    "closed": "while it is closed",
    "holiday": "on a holiday",
    "evening": "late in the evening",
    "staff": "with staff on duty",
}


def facts_of(languages: tuple[str, ...], caller: str) -> Facts:
    """What is known of such a caller (one of CALLERS) on a line of these languages."""
    facts = Facts(languages, can_text=True, places=INVENTED)
    match caller:
        case "before":
            return replace(facts, remembered=languages[0])
        case "closed" | "holiday":
            return replace(facts, hours=caller)
        case "evening":
            return replace(facts, evening_over=True)
        case "staff":
            return replace(facts, on_duty=frozenset(languages))
    return facts


def press(tree: Tree, position: Position, keys: str) -> Heard:
    """What these keys mean where no hotline stands behind the tree: any code with any four digits lets in."""
    node = tree.nodes.get(position.node)
    if isinstance(node, NewMailbox) and not is_easy(keys):
        return MailboxMade(CODE)
    if isinstance(node, Mailbox) and position.page and len(keys) == PIN:
        return Admitted((Clip(WAITING, position.language or tree.languages[0]),))
    return Pressed(keys)


def next_turn(
    tree: Tree, languages: tuple[str, ...], at: str, keys: str, did: str, caller: str = "new"
) -> Turn:
    """The turn after an answer given at this position (`Position.to_query`); at no position, the first one."""
    facts = facts_of(languages or tree.languages, caller)
    try:
        position = Position.from_address(at)
        heard = press(tree, position, keys) if keys else DID.get(did)
        return resume(tree, position, heard, facts) if heard else start(tree, facts)
    except BadPosition:
        return start(tree, facts)
