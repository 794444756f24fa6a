"""The trees as a web process knows them: what is shipped, what staff released, and what calls under way began with."""

import json
import logging
from functools import lru_cache
from pathlib import Path

from hotline.flow.load_tree import read_tree
from hotline.flow.tree import Tree, TreeError
from hotline.known import Known
from hotline.write_whole import write_whole
from hotline.writer import Connection, Statement, Writer

# Those that are live or were within a day, longer than any call lasts: (tree, number, source, live).
RELEASED = Statement("""
    WITH told AS (
        SELECT tree, version_id, lead(at) OVER (PARTITION BY tree ORDER BY id) AS until FROM tree_releases
    )
    SELECT told.tree, coalesce(number, 0), coalesce(source, ''), bool_or(until IS NULL)
    FROM told LEFT JOIN tree_versions ON tree_versions.id = version_id
    WHERE until IS NULL OR until > now() - interval '1 day'
    GROUP BY 1, 2, 3
    """)

log = logging.getLogger(__name__)

Released = tuple[str, int, str, bool]


class TreeBook:
    """Trees by name and version; `copy` is the file that keeps the released ones for a start without the database."""

    def __init__(self, writer: Writer, shipped: dict[str, Tree], copy: Path) -> None:
        self._shipped, self._copy = shipped, copy
        self._released: Known[tuple[Released, ...]] = Known(
            "trees", writer, _read, self._read_copy(), self._write_copy
        )

    def live(self, name: str) -> Tree | None:
        """The tree that a new call hears."""
        for tree, number, source, is_live in self._released.now():
            if tree == name and is_live and number:
                return _made_of(source, name, number) or self._shipped.get(name)
        return self._shipped.get(name)

    def all_live(self) -> dict[str, Tree]:
        """What new calls hear, by the names of the trees."""
        return {name: self.live(name) or shipped for name, shipped in self._shipped.items()}

    def find(self, name: str, version: int) -> Tree | None:
        """This version, where a call may have begun with it; nothing where it is unknown."""
        if not version:
            return self._shipped.get(name)
        for older_than in (5.0, 1.0):  # perhaps released a moment ago, and answered by another process
            for tree, number, source, _ in self._released.now(older_than):
                if (tree, number) == (name, version):
                    return _made_of(source, name, number)
        return None

    def _read_copy(self) -> tuple[Released, ...]:
        try:
            rows = json.loads(self._copy.read_text())
            return tuple((str(row[0]), int(row[1]), str(row[2]), bool(row[3])) for row in rows)
        except (OSError, ValueError, TypeError, LookupError):  # none yet, or not ours
            return ()

    def _write_copy(self, released: tuple[Released, ...]) -> None:
        write_whole(self._copy, json.dumps(released).encode())


@lru_cache(maxsize=64)
def _made_of(source: str, name: str, number: int) -> Tree | None:
    try:
        return read_tree(source, name, number)
    except TreeError as broken:  # it was checked when it was kept, by an older release of ours
        log.error("version %d of tree %s is not used: %s", number, name, broken)
        return None


def _read(connection: Connection) -> tuple[Released, ...]:
    rows = connection.execute(RELEASED, {})
    return tuple(
        sorted((str(tree), int(str(number)), str(source), live == "t") for tree, number, source, live in rows)
    )
