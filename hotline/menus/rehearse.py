"""Walk through a version as a caller would: one answer in, what is heard next out. Nothing of it is kept."""

from hotline.flow.engine import (
    Facts,
    Heard,
    NobodyTook,
    NoKey,
    NothingRecorded,
    Pressed,
    Recorded,
    Turn,
    resume,
    start,
)
from hotline.flow.places import INVENTED
from hotline.flow.position import BadPosition, Position
from hotline.flow.tree import Tree

DID: dict[str, Heard] = {
    "no_key": NoKey(),
    "spoke": Recorded(5),
    "said_nothing": NothingRecorded(),
    "nobody_took": NobodyTook(),
}


def next_turn(tree: Tree, languages: tuple[str, ...], at: str, keys: str, did: str) -> Turn:
    """The turn after an answer given at this position (`Position.to_query`); at no position, the first one."""
    facts = Facts(languages or tree.languages, can_text=True, places=INVENTED)
    heard = Pressed(keys) if keys else DID.get(did)
    if heard is None:
        return start(tree, facts)
    try:
        return resume(tree, Position.from_address(at), heard, facts)
    except BadPosition:
        return start(tree, facts)
