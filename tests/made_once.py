"""Each test has an application and a database of its own; what is the same in all of them is made once.

Templates, the code that puts addresses together, the prompts that are shipped, and statements in SQL.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from hotline.flow.prompts import PROMPTS, Catalogue


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    load, create = Catalogue.load, sa.create_engine
    shipped = cache(load)
    statements = Statements(5000)

    def load_once(prompts: Path, made: Path) -> Catalogue:
        """Those that the data folder of a run points to are whole, and nobody writes to them while tests run."""
        of_a_run = prompts == PROMPTS and made.is_symlink()
        return shipped(prompts, made.resolve()) if of_a_run else load(prompts, made)

    def create_with_statements(*given: Any, **named: Any) -> sa.Engine:
        engine = create(*given, **named)
        engine._compiled_cache = statements
        return engine

    with pytest.MonkeyPatch.context() as patch:
        compiled = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": compiled})
        patch.setattr(Rule, "_compile_builder", _build_once(Rule._compile_builder))
        patch.setattr(Catalogue, "load", load_once)
        patch.setattr(sa, "create_engine", create_with_statements)
        yield


class Statements(LRUCache[Any, Any]):
    """What SQLAlchemy has compiled, for every dialect object of a kind: each engine has one of its own."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_a_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_a_kind(key), compiled)


def _of_a_kind(key: Any) -> Any:
    dialect, *statement = key
    return type(dialect), *statement


def _build_once(build: Callable[[Rule, bool], Any]) -> Callable[..., Any]:
    """What puts an address together is code made from these alone."""
    built: dict[object, Any] = {}

    def look(rule: Rule, append_unknown: bool = True) -> Any:
        address = (rule.rule, rule.subdomain, repr(rule.defaults), append_unknown)
        if address not in built:
            built[address] = build(rule, append_unknown)
        return built[address]

    return look
