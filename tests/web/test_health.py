"""This process lives; its parts answer and take writes."""

from collections.abc import Iterator

import pytest
import redis
from flask.testing import FlaskClient

from hotline import create_app
from hotline.embedded import valkey
from hotline.settings import Settings

AWAY = "postgresql+psycopg://x@127.0.0.1:9/x"


@pytest.fixture
def refusing(redis_server: valkey.Server) -> Iterator[None]:
    """A Redis that answers PING and refuses writes, as one with a full disk does."""
    with redis.Redis.from_url(redis_server.url) as server:
        server.config_set("min-replicas-to-write", 1)
        assert server.ping()
        yield
        server.config_set("min-replicas-to-write", 0)


def test_a_process_lives_whatever_its_parts_do(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"database_url": AWAY}))
    assert app.test_client().get("/healthz").status_code == 200


def test_all_parts_are_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json == {"database": True, "redis": True}


@pytest.mark.parametrize("door", ["carrier", "console"])
def test_both_doors_tell(settings: Settings, door: str) -> None:
    client = create_app(settings.model_copy(update={"door": door})).test_client()
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


def test_a_redis_that_refuses_writes_is_not_ready(client: FlaskClient, refusing: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json == {"database": True, "redis": False}


def test_a_database_that_is_away_is_not_ready(settings: Settings) -> None:
    answer = create_app(settings.model_copy(update={"database_url": AWAY})).test_client().get("/readyz")
    assert answer.status_code == 503 and answer.json == {"database": False, "redis": True}
