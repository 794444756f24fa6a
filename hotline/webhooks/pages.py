"""Registers the carrier's door with the application."""

from functools import partial

from flask import Flask

from hotline.flow.prompts import Catalogue
from hotline.settings import Settings
from hotline.webhooks import outgoing, prompts, replay, said, sms, studio, transfer, voice
from hotline.webhooks.door import tell_again
from hotline.webhooks.switchboard import KEY, build_switchboard


def open_carriers_door(app: Flask, settings: Settings, shipped: Catalogue) -> None:
    """Answer calls, texts and the sounds they are told to play. Raises: TreeError."""
    board = app.extensions[KEY] = build_switchboard(settings, shipped, partial(tell_again, app))
    for door in (voice, outgoing, sms, transfer, studio, prompts, replay, said):
        app.register_blueprint(door.pages)
    if board.spool.waiting():  # from before a restart
        board.spool.wake()
