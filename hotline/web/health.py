"""`/healthz`: this process lives. `/readyz`: its parts do, and take writes."""

import redis
import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue

from hotline.doorbell import connect
from hotline.web.database import ENGINE
from hotline.web.rules import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def lives() -> ResponseReturnValue:
    return jsonify(lives=True)


@pages.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Each part by name; 503 where one does not answer. A Redis that answers may refuse writes."""
    parts = {"database": _database(), "redis": _redis()}
    return jsonify(parts), 200 if all(parts.values()) else 503


def _database() -> bool:
    try:
        with current_app.extensions[ENGINE].begin() as connection:
            connection.execute(sa.text("CREATE TEMPORARY TABLE ready (x int) ON COMMIT DROP"))
    except sa.exc.SQLAlchemyError:
        return False
    return True


def _redis() -> bool:
    try:
        with connect(current_app.extensions["hotline.settings"].redis_url) as client:
            client.set("ready", 1, ex=10)
    except redis.RedisError:
        return False
    return True


def open_health(app: Flask) -> None:
    app.register_blueprint(pages)
