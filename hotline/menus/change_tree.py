"""Write a tree's next version, rehearse it, put it on the line, go back: each written in the audit trail."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.load_tree import read_tree
from hotline.flow.prompts import Script
from hotline.flow.tree import Tree, TreeError
from hotline.menus.models import TreeRelease, TreeVersion
from hotline.vault.audit import record


class NotYet(Exception):
    """It cannot go live; the text is one sentence that says why."""


def write_version(
    session: Session,
    tree: str,
    source: str,
    member_id: uuid.UUID,
    now: datetime,
    scripts: Mapping[str, Script] | None = None,
) -> TreeVersion:
    """Keep a version, checked in its languages and in those of its lines; the last one again where it says the same.

    Raises: TreeError (load_tree.read_tree).
    """
    source = source.replace("\r\n", "\n")
    read_tree(source, tree, scripts=scripts, offered=_languages_of_lines(session, tree))
    _lock(session, tree)
    last = session.scalar(
        sa.select(TreeVersion).where(TreeVersion.tree == tree).order_by(TreeVersion.number.desc()).limit(1)
    )
    if last is not None and last.source == source:
        return last
    number = last.number + 1 if last else 1
    version = TreeVersion(tree=tree, number=number, source=source, made_at=now, by_id=member_id)
    session.add(version)
    session.flush()
    record(session, member_id, "wrote", "tree_versions", version.id, tree=tree, number=number)
    return version


def note_rehearsal(session: Session, version: TreeVersion, member_id: uuid.UUID, now: datetime) -> None:
    """Somebody walked through it and reached the microphone."""
    if version.rehearsed_at is None:
        version.rehearsed_at = now
        record(session, member_id, "rehearsed", "tree_versions", version.id)


def release(
    session: Session, tree: str, number: int, unspoken: Sequence[str], member_id: uuid.UUID, now: datetime
) -> TreeRelease:
    """New calls hear this version (0: the shipped one); calls under way end on theirs.

    `unspoken` names, as sentences, what callers of a line would not hear from a person (hotline.menus.unspoken).

    Raises:
        NotYet: nobody has rehearsed it, or something in it is not recorded.
        NoResultFound: there is no such version.
    """
    _lock(session, tree)
    version = None
    if number:
        wanted = sa.select(TreeVersion).where(TreeVersion.tree == tree, TreeVersion.number == number)
        version = session.scalars(wanted).one()
        if version.rehearsed_at is None:
            raise NotYet(f"Version {number} was not rehearsed yet: walk through it to the microphone first.")
    if unspoken:
        raise NotYet(" ".join(unspoken))
    live = live_release(session, tree)
    if live is not None and live.number == number:
        return live
    made = TreeRelease(tree=tree, version=version, at=now, by_id=member_id)
    session.add(made)
    session.flush()
    record(session, member_id, "released", "tree_versions", version.id if version else tree, number=number)
    return made


def was_live(session: Session, tree: str, number: int) -> bool:
    """Whether callers have heard this version before; the shipped one counts as heard."""
    theirs = sa.select(TreeVersion.number).join(TreeRelease, TreeRelease.version_id == TreeVersion.id)
    return not number or number in session.scalars(theirs.where(TreeRelease.tree == tree)).all()


def live_release(session: Session, tree: str) -> TreeRelease | None:
    """The one that new calls hear; nothing: the shipped file."""
    newest = sa.select(TreeRelease).where(TreeRelease.tree == tree).order_by(TreeRelease.id.desc()).limit(1)
    return session.scalars(newest).first()


def live_tree(session: Session, shipped: Tree) -> Tree:
    """The tree that new calls hear: the shipped one where a later release of ours found a fault in what is live."""
    try:
        return released_tree(session, shipped)
    except TreeError:
        return shipped


def released_tree(session: Session, shipped: Tree) -> Tree:
    """The tree as it was put live. Raises: TreeError, where a later release of ours found a fault in it."""
    live = live_release(session, shipped.name)
    if live is None or live.version is None:
        return shipped
    return read_tree(live.version.source, shipped.name, live.version.number)


def _languages_of_lines(session: Session, tree: str) -> list[str]:
    offered = sa.text("SELECT DISTINCT unnest(languages) FROM lines WHERE tree = :tree ORDER BY 1")
    return list(session.scalars(offered, {"tree": tree}))


def _lock(session: Session, tree: str) -> None:
    """One change of a tree at a time: versions have no gaps and no doubles."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"tree:{tree}"))))
