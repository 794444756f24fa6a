"""Which menu trees, languages and sounds there are: told at the start by whoever loads them, asked by pages."""

from collections.abc import Callable, Mapping

from flask import Flask, current_app

from hotline.flow.prompts import Catalogue
from hotline.flow.tree import Tree

KEY = "hotline.flow"


def tell_flow(
    app: Flask, trees: Callable[[], Mapping[str, Tree]], catalogue: Callable[[], Catalogue]
) -> None:
    """Both give those of this moment."""
    app.extensions[KEY] = (trees, catalogue)


def known_trees() -> Mapping[str, Tree]:
    """The trees that new calls hear, by their names."""
    trees: Mapping[str, Tree] = current_app.extensions[KEY][0]()
    return trees


def known_languages() -> frozenset[str]:
    """Languages that prompts are written in."""
    return frozenset(catalogue().scripts)


def catalogue() -> Catalogue:
    """What callers hear."""
    found: Catalogue = current_app.extensions[KEY][1]()
    return found
