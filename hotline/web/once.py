"""A form that does what it says once, however often its button is pressed."""

import hashlib
import uuid

from flask import request


def new_once() -> str:
    """What tells one showing of a form from another (marks.html, `once`)."""
    return str(uuid.uuid4())


def id_of_form(words: bytes) -> uuid.UUID | None:
    """The id of what this form makes: the same for the same press of a button, another where its words are other
    ones. Nothing where the form has none."""
    try:
        return uuid.uuid5(uuid.UUID(request.form.get("once", "")), hashlib.sha256(words).hexdigest())
    except ValueError:
        return None
