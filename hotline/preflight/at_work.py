"""Redis takes writes, a worker listens, and the sweep sweeps."""

from datetime import UTC, datetime, timedelta

import redis
import rq
import sqlalchemy as sa
from rq.serializers import JSONSerializer

from hotline.db import SWEEPING
from hotline.doorbell import QUEUE, connect
from hotline.preflight.database import AWAY, connected
from hotline.preflight.finding import Finding, fault, fine
from hotline.settings import Settings

SILENT = timedelta(seconds=480)  # RQ's workers give a sign of life every 405 s while nothing is to do
# The lock's key is one number, which PostgreSQL shows in two halves.
HELD = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
    " AND classid = 0 AND objid = :lock AND objsubid = 1"
)


def is_redis_ready(settings: Settings) -> list[Finding]:
    try:
        with connect(settings.redis_url) as client:
            client.set("check", 1, ex=5)
    except redis.RedisError as failed:
        return fault(f"Redis takes no writes ({type(failed).__name__}).", "Look at REDIS_URL.")
    return fine("It takes writes.")


def is_worker_alive(settings: Settings) -> list[Finding]:
    """A worker that was killed is missed after eight minutes."""
    try:
        with connect(settings.redis_url) as client:
            workers = rq.Worker.all(connection=client, serializer=JSONSerializer)
            alive = [worker for worker in workers if QUEUE in worker.queue_names() and _alive(worker)]
    except redis.RedisError:
        return fault("Nobody knows whether a worker runs.", "First mend Redis.")
    if not alive:
        return fault("No worker runs: recordings are not fetched.", "Start: python -m workers.work")
    return fine("One worker runs." if len(alive) == 1 else f"{len(alive)} workers run.")


def is_sweep_alive(settings: Settings) -> list[Finding]:
    try:
        with connected(settings) as connection:
            held = connection.scalar(HELD, {"lock": SWEEPING})
    except sa.exc.OperationalError:
        return AWAY
    if not held:
        return fault("No sweep runs: what was forgotten stays so.", "Start: python -m workers.sweep")
    return fine("It runs.")


def _alive(worker: rq.worker.BaseWorker) -> bool:
    beat: datetime | None = worker.last_heartbeat
    return beat is not None and datetime.now(UTC) - beat.replace(tzinfo=beat.tzinfo or UTC) < SILENT
