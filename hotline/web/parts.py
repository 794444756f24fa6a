"""Which menu trees and languages there are: told at the start by whoever loads them, asked by pages."""

from collections.abc import Collection

from flask import Flask, current_app

KEY = "hotline.flow"


def tell_flow(app: Flask, trees: Collection[str], languages: Collection[str]) -> None:
    app.extensions[KEY] = (frozenset(trees), frozenset(languages))


def known_trees() -> frozenset[str]:
    """Names of the trees."""
    trees: frozenset[str] = current_app.extensions[KEY][0]
    return trees


def known_languages() -> frozenset[str]:
    """Languages that prompts are written in."""
    languages: frozenset[str] = current_app.extensions[KEY][1]
    return languages
