"""The doorbell: tell the workers that something is due. It may be lost; the sweep rings again.

RQ carries one job, without arguments; what to do stands in the outbox. JSON only, and a job may
name nothing but that one function (RQ runs whatever importable name Redis holds).
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import redis
import rq
from rq.exceptions import InvalidJobOperation
from rq.serializers import JSONSerializer

QUEUE = "due"
WORK_DUE = "workers.work_due.work_due"
PATIENCE = 0.3  # seconds that anything waits for Redis
ENOUGH = 16  # rings in the queue beyond which another says nothing new
EVERY = 0.05  # seconds at least between two rings of one process
LONGEST = 900  # seconds one job may drain the outbox

log = logging.getLogger(__name__)


class OnlyWorkDue(rq.job.Job):
    """A job that runs `work_due` and nothing else, without callbacks or outgoing requests."""

    @property
    def func(self) -> Callable[..., Any] | None:
        if self.func_name != WORK_DUE or self.instance is not None or self.args or self.kwargs:
            raise InvalidJobOperation("this queue runs one function only")
        function: Callable[..., Any] | None = super().func
        return function

    @property
    def success_callback(self) -> None:
        return None

    @property
    def failure_callback(self) -> None:
        return None

    @property
    def stopped_callback(self) -> None:
        return None

    @property
    def webhooks(self) -> list[Any]:
        return []

    @webhooks.setter
    def webhooks(self, _given: list[Any]) -> None:
        """RQ fills it from Redis: an address named there is never asked."""


def connect(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(
        redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, health_check_interval=30
    )


def ring(connection: redis.Redis) -> None:
    """Ring once, unless enough rings are waiting. Raises: redis.RedisError."""
    queue = rq.Queue(QUEUE, connection=connection, job_class=OnlyWorkDue, serializer=JSONSerializer)
    if queue.count < ENOUGH:
        queue.enqueue(WORK_DUE, job_timeout=LONGEST, result_ttl=0, failure_ttl=60, description="work due")


class Doorbell:
    """Rings from a thread of its own, so that no caller waits for Redis; many rings at once are one."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._pressed = threading.Event()
        self._starting = threading.Lock()
        self._ringer: threading.Thread | None = None

    def press(self) -> None:
        """Ask for a ring; returns at once."""
        self._pressed.set()
        if self._ringer is None or not self._ringer.is_alive():  # also after a fork
            with self._starting:
                if self._ringer is None or not self._ringer.is_alive():
                    self._ringer = threading.Thread(target=self._ring_on, name="doorbell", daemon=True)
                    self._ringer.start()

    def _ring_on(self) -> None:
        connection = connect(self._redis_url)
        while self._pressed.wait():
            self._pressed.clear()
            try:
                ring(connection)
            except redis.RedisError as away:
                log.warning("doorbell not heard: %s", type(away).__name__)
            time.sleep(EVERY)
