"""Do the tests notice? One small fault at a time is put into the parts that guard callers; a test must fail.

    .venv/bin/python -m benchmarks.mutation [area ...] [--most 60]

Areas: signature, permission, outbox, vault. Each fault runs that area's tests in a copy of the project, two at a time.
Prints how many faults of each area were noticed, and each that was not. With more faults than `--most` in an area, so
many are drawn by chance, the same ones every time.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[1]
MODELS = "tests/test_migrations.py::test_the_models_say_nothing_that_no_migration_makes"
AREAS = {
    "signature": (["hotline/webhooks/signature.py"], ["tests/webhooks/test_signature.py"]),
    "permission": (["hotline/web/rules.py"], ["tests/web/test_rules.py"]),
    "outbox": (["hotline/outbox.py"], ["tests/test_outbox.py", MODELS]),
    "vault": (["hotline/vault"], ["tests/vault", "tests/intake/test_rotate_keys.py", MODELS]),
}
SWAPS: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
}  # fmt: skip
TOO_LONG = 240  # seconds: a fault that makes the tests hang is noticed


@dataclass(frozen=True)
class Fault:
    """A file with one thing changed."""

    path: str
    line: int
    what: str
    source: str


def faults_of(path: Path) -> Iterator[Fault]:
    """Every fault that is put into this file."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node) for node in _said(tree)}
    sites = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt) and id(node) not in said and _changes(node)
    ]
    for number, node in enumerate(sites):
        for what in _changes(node):
            changed = copy.deepcopy(tree)
            again = {id(one) for one in _said(changed)}
            twin = [one for one in ast.walk(changed) if id(one) not in again and _changes(one)][number]
            _change(changed, twin, what)
            source = ast.unparse(ast.fix_missing_locations(changed))
            yield Fault(str(path.relative_to(ROOT)), node.lineno, f"{what}: {ast.unparse(node)[:80]}", source)


def _said(tree: ast.AST) -> Iterator[ast.AST]:
    """What is said and not done: docstrings, annotations, log lines, exception texts."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or (
            isinstance(node, ast.Expr) and ast.unparse(node).startswith(("log.", "super().__init__"))
        ):
            parts = [node]
        elif isinstance(node, ast.AnnAssign | ast.arg):
            parts = [node.annotation]
        elif isinstance(node, ast.FunctionDef):
            parts = [node.returns]
        elif isinstance(node, ast.Raise):
            parts = list(node.exc.args) if isinstance(node.exc, ast.Call) else []
        for part in parts:
            if part is not None:
                yield from ast.walk(part)


def _changes(node: ast.AST) -> list[str]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPS:
            return ["compare otherwise"]
        case ast.BoolOp() | ast.BinOp() if type(node.op) in SWAPS:
            return ["join otherwise"]
        case ast.UnaryOp(op=ast.Not()):
            return ["without not"]
        case ast.If() | ast.IfExp():
            return ["if not"]
        case ast.Constant(value=bool() | int() | str() | bytes()):
            return ["another value"]
        case ast.Return(value=value) if value is not None and not _is_none(value):
            return ["return nothing"]
        case ast.Raise():
            return ["raise nothing"]
        case ast.Expr(value=ast.Call()):
            return ["leave it out"]
    return []


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _change(tree: ast.AST, node: ast.AST, what: str) -> None:
    match node:
        case ast.Compare():
            node.ops = [SWAPS[type(node.ops[0])]()]
        case ast.BoolOp() | ast.BinOp():
            node.op = SWAPS[type(node.op)]()
        case ast.If() | ast.IfExp():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.Constant(value=str(value)):
            node.value = value + "x"
        case ast.Constant(value=bytes(value)):
            node.value = value + b"x"
        case ast.Return():
            node.value = ast.Constant(None)
        case _:  # in the place of the node stands something else
            instead = node.operand if isinstance(node, ast.UnaryOp) else ast.Pass()
            for parent in ast.walk(tree):
                for name, value in ast.iter_fields(parent):
                    if value is node:
                        setattr(parent, name, instead)
                    elif isinstance(value, list) and node in value:
                        value[value.index(node)] = instead


def _do_pass(place: Path, tests: list[str]) -> bool:
    """Whether an area's tests pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(place)}
    return not subprocess.run(
        command, cwd=place, env=environment, capture_output=True, timeout=TOO_LONG
    ).returncode


def _is_noticed(place: Path, fault: Fault, tests: list[str]) -> bool:
    target = place / fault.path
    good = target.read_bytes()
    target.write_text(fault.source, "utf-8")
    try:
        return not _do_pass(place, tests)
    except subprocess.TimeoutExpired:
        return True
    finally:
        target.write_bytes(good)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("areas", nargs="*", default=list(AREAS))
    asked.add_argument("--most", type=int, default=10_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="hotline-mutants-") as folder:
        places: Queue[Path] = Queue()
        for number in range(2):
            place = Path(folder) / str(number)
            shutil.copytree(
                ROOT,
                place,
                symlinks=True,
                ignore=shutil.ignore_patterns(".git", ".venv", "node_modules", "__pycache__"),
            )
            places.put(place)
        for area in given.areas:
            _try_area(area, given.most, places)


def _try_area(area: str, most: int, places: "Queue[Path]") -> None:
    sources, tests = AREAS[area]
    files = [
        path
        for source in sources
        for path in ([ROOT / source] if source.endswith(".py") else sorted((ROOT / source).glob("*.py")))
    ]
    every = [fault for path in files for fault in faults_of(path)]
    tried = every if len(every) <= most else random.Random(20261125).sample(every, most)

    if not _do_pass(places.queue[0], tests):  # else every fault would count as noticed
        sys.exit(f"{area}: its tests fail as it is: {' '.join(tests)}")

    def attempt(fault: Fault) -> bool:
        place = places.get()
        try:
            return _is_noticed(place, fault, tests)
        finally:
            places.put(place)

    with ThreadPoolExecutor(places.qsize()) as pool:
        noticed = list(pool.map(attempt, tried))
    print(
        f"{area}: {sum(noticed)} of {len(tried)} noticed ({100 * sum(noticed) / len(tried):.0f} %), of {len(every)} there are",
        flush=True,
    )
    for fault, seen in zip(tried, noticed, strict=True):
        if not seen:
            print(f"    {fault.path}:{fault.line} {fault.what}", flush=True)


if __name__ == "__main__":
    main()
