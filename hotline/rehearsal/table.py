"""The phones that lie before a person: which ring, which are in a call, and what texts they have."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from hotline.rehearsal.exchange import Text
from hotline.rehearsal.rest import exchange
from hotline.rehearsal.texts import text_in

table = Blueprint("table", __name__)
MOST_FILES = 10  # Twilio, "Media resource"


@table.post("/phone/api/phones")
def lay_out() -> ResponseReturnValue:
    """Form: a `number` for each phone that lies here, from now on rung until a person answers.

    To be told again and again; the answer is what is going on at each.
    """
    numbers = request.form.getlist("number")
    exchange().lay_out(numbers)
    return jsonify(phones=[_look(number) for number in numbers])


@table.post("/phone/api/texts")
def text() -> ResponseReturnValue:
    """Form: from, to, body; with it, or instead, a `file` for each picture, voice note or the like."""
    form = request.form
    files = [(file.mimetype, file.read()) for file in request.files.getlist("file")[:MOST_FILES]]
    if not form.get("to") or not (form.get("body") or files):
        return jsonify(why="to whom, and what?"), 400
    sent = text_in(exchange(), form.get("from", ""), form["to"], form.get("body", ""), files)
    return jsonify(sid=sent.sid), 201


@table.get("/phone/api/texts")
def thread() -> ResponseReturnValue:
    return jsonify(texts=[_shown(text) for text in exchange().thread(request.args.get("number", ""))])


def _look(number: str) -> dict[str, Any]:
    calls = exchange().calls_at(number)
    texts = [_shown(text) for text in exchange().thread(number)]
    return {"number": number, "call": calls[0].sid if calls else None, "texts": texts}


def _shown(text: Text) -> dict[str, Any]:
    return {
        "sid": text.sid, "body": text.body, "mine": text.inbound, "status": text.status, "by_carrier": text.by_carrier,
        "at": text.at.isoformat(timespec="seconds"), "media": len(text.media),
    }  # fmt: skip
