"""The sounds callers hear, under the hash of their bytes: the carrier's proxies may keep them for ever."""

from urllib.parse import quote

from flask import Blueprint, Response, abort, request

from hotline.flow.nodes.language import OFFER
from hotline.web.rules import public
from hotline.webhooks.switchboard import switchboard

pages = Blueprint("prompts", __name__)


@pages.get("/prompts/<sha>.wav")
@public
def sound(sha: str) -> Response:
    """One sound; in rehearsal with its words, so that the phone can show what is said."""
    board = switchboard()
    found = board.catalogue.by_sha(sha) or board.voices.now(older_than=1.0).by_sha(sha)
    if found is None:
        abort(404)
    answer = Response(found.audio, mimetype="audio/wav")
    answer.set_etag(found.sha)
    answer.make_conditional(request, accept_ranges=True, complete_length=len(found.audio))
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if board.settings.env != "production":
        answer.headers["Content-Language"] = found.language
        answer.headers["X-Prompt"] = found.prompt
        answer.headers["X-Prompt-Text"] = quote(found.text)
        if found.prompt != OFFER:  # each language offers itself: the English words would say another
            answer.headers["X-Prompt-Meaning"] = quote(board.catalogue.text(found.prompt, "en"))
        if found.source != "recording":
            answer.headers["X-Prompt-Placeholder"] = "1"
    return answer
