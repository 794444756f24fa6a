"""Which way each caller went at each node, read from the steps of their calls."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.nodes.base import MICROPHONE
from hotline.flow.nodes.language import DANGER_KEY, LANGUAGE_KEY
from hotline.flow.tree import Tree

LATELY = timedelta(days=7)
UNASKED = {"after_wrong": "wrong key", "otherwise": "no key"}  # exits that no key names, as they are told
Exit = tuple[str, str]  # (node, where it is written there: keys.1, otherwise, next)

# (node, what was pressed there, where that led, how many calls); a call's first step has no node before it.
WAYS = sa.text("""
    SELECT before, pressed, node, count(DISTINCT call_sid) FROM (
        SELECT call_sid, node, pressed, lag(node) OVER (PARTITION BY call_sid ORDER BY number) AS before
        FROM steps WHERE call_sid IN (SELECT sid FROM calls WHERE tree = :tree AND started_at >= :since
                                      AND rehearsal = :rehearsal)
    ) AS ways GROUP BY 1, 2, 3
    """)
# (node where a call that is over waited last, how many); nothing: it ended before its first key.
ENDS = sa.text("""
    SELECT last.node, count(*) FROM calls LEFT JOIN LATERAL (
        SELECT node, waits FROM steps WHERE call_sid = calls.sid ORDER BY number DESC LIMIT 1
    ) AS last ON true
    WHERE tree = :tree AND started_at >= :since AND rehearsal = :rehearsal AND ended_at IS NOT NULL
          AND coalesce(last.waits, 'gather') = 'gather'
    GROUP BY 1
    """)
CALLS = sa.text("""
    SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM recordings WHERE call_sid = calls.sid))
    FROM calls WHERE tree = :tree AND started_at >= :since AND rehearsal = :rehearsal
    """)


@dataclass
class Callers:
    """How many calls went each way, and where they were hung up. One that came twice is counted once."""

    calls: int = 0
    left_words: int = 0
    exits: Counter[Exit] = field(default_factory=Counter)
    again: Counter[str] = field(
        default_factory=Counter
    )  # back to the same node: no key, a wrong one, a repeat
    hung_up: Counter[str] = field(default_factory=Counter)


def count_callers(session: Session, tree: Tree, since: datetime, *, rehearsal: bool) -> Callers:
    """Of the calls to this tree, whichever version they began with."""
    asked = {"tree": tree.name, "since": since, "rehearsal": rehearsal}
    counted = Callers()
    counted.calls, counted.left_words = session.execute(CALLS, asked).one()
    for before, pressed, node, callers in session.execute(WAYS, asked):
        _count(counted, tree, _begun_at(tree, before, pressed, node), pressed, node, callers)
    for node, callers in session.execute(ENDS, asked):
        counted.hung_up[node or tree.start] += callers
    return counted


def _begun_at(tree: Tree, before: str | None, pressed: str | None, node: str) -> str:
    """The node before; of a first step, the one of the two where calls begin from which this key leads here."""
    if before is not None:
        return before
    begins = [waits for place in (tree.start, tree.greeted) for waits in _first_waits(tree, place)]
    return next((place for place in begins if _may_begin(tree, place, pressed, node)), tree.start)


def _may_begin(tree: Tree, place: str, pressed: str | None, node: str) -> bool:
    way = way_taken(tree, place, pressed, node)
    if not way:
        return False
    return pressed is None or way[0][1] not in UNASKED  # one wrong key leads nowhere yet


def _count(counted: Callers, tree: Tree, before: str, pressed: str | None, node: str, callers: int) -> None:
    if before not in tree.nodes:  # of another version
        return
    if before == node:
        counted.again[before] += callers
    for taken in way_taken(tree, before, pressed, node) or ():
        counted.exits[taken] += callers


def way_taken(tree: Tree, before: str, pressed: str | None, node: str) -> list[Exit] | None:
    """The exits on the way from one node that waited to the next; nothing where none leads there."""
    targets = list(tree.nodes[before].targets())
    exact = [one for one in targets if pressed and one[0] == f"keys.{pressed}"]
    named = exact or [one for one in targets if not one[0].startswith("keys.")]
    if pressed is not None:  # no key leads where a missing one does, unless it was wrong too often
        named.sort(key=lambda one: one[0] in UNASKED)
    else:
        named.sort(key=lambda one: one[0] != "otherwise")
    for place, target in named:
        onward = _through(tree, target, node)
        if onward is not None:
            return [(before, place), *onward]
    if (everywhere := keys_everywhere(tree).get(pressed or "")) is not None:
        onward = _through(tree, everywhere, node)
        return None if onward is None else [(before, f"keys.{pressed}"), *onward]
    return None


def keys_everywhere(tree: Tree) -> dict[str, str]:
    """Where the keys lead that mean the same at every node that gives them no other meaning."""
    leads = {LANGUAGE_KEY: tree.language_menu, DANGER_KEY: tree.danger}
    return {key: to for key, to in leads.items() if to}


def _through(tree: Tree, begin: str, node: str) -> list[Exit] | None:
    """The exits of nodes that do not wait, from `begin` to this node: as far as there is one way alone.

    Where an office that is open and one that is closed lead to the same menu, nobody knows which it was.
    """
    here, way = _named(tree, begin), list[Exit]()
    if not _leads(tree, here, node):
        return None
    while here != node:
        onward = [(place, to) for place, to in _passing(tree, here) if _leads(tree, _named(tree, to), node)]
        if len(onward) > 1:
            break
        way.append((here, onward[0][0]))
        here = _named(tree, onward[0][1])
    return way


def _leads(tree: Tree, begin: str, node: str) -> bool:
    """Whether a way from here to this node waits for nothing."""
    seen: set[str] = set()
    ahead = [begin]
    while ahead:
        here = ahead.pop()
        if here == node:
            return True
        if here not in seen and here in tree.nodes:
            seen.add(here)
            ahead += [_named(tree, to) for _, to in _passing(tree, here)]
    return False


def _passing(tree: Tree, name: str) -> Iterator[Exit]:
    passes = set(tree.nodes[name].passes())
    return ((place, to) for place, to in tree.nodes[name].targets() if to in passes)


def _first_waits(tree: Tree, begin: str) -> Iterator[str]:
    """The first nodes from here on that wait: several, where hours lead several ways."""
    ahead, seen = [_named(tree, begin)], set[str]()
    while ahead:
        here = ahead.pop(0)
        if here not in tree.nodes or here in seen:
            continue
        seen.add(here)
        onward = [_named(tree, to) for _, to in _passing(tree, here)]
        if not onward:
            yield here
        ahead += onward


def _named(tree: Tree, target: str) -> str:
    return tree.microphone if target == MICROPHONE else target
