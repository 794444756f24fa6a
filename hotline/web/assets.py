"""Static files under the hash of their whole tree: kept by browsers for ever, changed at once."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

from hotline.web.rules import public

FOLDER = Path(__file__).parent / "static"
PACKED = (".css", ".js", ".svg")  # fonts are compressed as they are

files = Blueprint("files", __name__)


@cache
def tree_hash() -> str:
    """One short hash of every static file's path and content."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(FOLDER)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static(path: str) -> str:
    """The address of a static file."""
    return f"/static/{tree_hash()}/{path}"


@files.get("/static/<mark>/<path:path>")
@public
def static_file(mark: str, path: str) -> Response:
    """A file of the tree; an old page asking under an old mark gets today's."""
    if not mark.isalnum():
        abort(404)
    answer = send_from_directory(FOLDER, path, conditional=True)
    lasting = mark == tree_hash()
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
    answer.vary.add("Accept-Encoding")
    if answer.status_code == 200 and path.endswith(PACKED) and request.accept_encodings["gzip"] > 0:
        answer.direct_passthrough = False
        answer.data = packed(path)
        answer.content_encoding = "gzip"
    return answer


@cache
def packed(path: str) -> bytes:
    """A file of the tree, compressed once: style and scripts are most of a first load."""
    return gzip.compress((FOLDER / path).read_bytes(), 9)


def serve_assets(app: Flask) -> None:
    app.register_blueprint(files)
    app.jinja_env.globals["static"] = static


def is_static() -> bool:
    """Whether this request is for a static file."""
    return request.endpoint == "files.static_file"
