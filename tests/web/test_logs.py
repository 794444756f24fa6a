"""The log says where and what kind, never what a person said."""

import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from hotline.settings import Settings
from hotline.web.logs import write_logs
from hotline.web.rules import public

SECRET = "my employer keeps my passport"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, given back as it was."""
    logger = logging.getLogger()
    before = logger.handlers, logger.level
    yield logger
    logger.handlers, level = before
    logger.setLevel(level)


def break_once(app: Flask, server_errors: list[str]) -> None:
    @public
    def breaks() -> str:
        raise RuntimeError(SECRET)

    app.add_url_rule("/breaks", "breaks", breaks)
    app.test_client().get("/breaks?said=passport")
    server_errors.clear()


def test_in_production_a_line_is_json_without_anybodys_words(
    app: Flask,
    settings: Settings,
    root: logging.Logger,
    capsys: pytest.CaptureFixture[str],
    server_errors: list[str],
) -> None:
    write_logs(settings.model_copy(update={"env": "production"}))
    break_once(app, server_errors)
    said = capsys.readouterr().err
    line = json.loads(said.strip().splitlines()[-1])
    assert line["event"] == "GET breaks failed" and line["level"] == "error"
    assert line["error"] == "RuntimeError" and "breaks" in line["where"][-1] and len(line["request"]) == 6
    assert "passport" not in said


def test_elsewhere_people_read_the_whole_story(
    app: Flask,
    settings: Settings,
    root: logging.Logger,
    capsys: pytest.CaptureFixture[str],
    server_errors: list[str],
) -> None:
    write_logs(settings)
    break_once(app, server_errors)
    assert SECRET in capsys.readouterr().err


def test_the_page_names_the_line(
    app: Flask,
    settings: Settings,
    root: logging.Logger,
    capsys: pytest.CaptureFixture[str],
    server_errors: list[str],
) -> None:
    write_logs(settings.model_copy(update={"env": "production"}))

    @public
    def breaks() -> str:
        raise RuntimeError(SECRET)

    app.add_url_rule("/breaks", "breaks", breaks)
    page = app.test_client().get("/breaks").text
    server_errors.clear()
    assert json.loads(capsys.readouterr().err.strip().splitlines()[-1])["request"] in page
