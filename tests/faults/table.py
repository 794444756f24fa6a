"""Every fault, by what is done to whom while people call."""

import signal
import time
from collections.abc import Callable
from functools import partial

from hotline.doorbell import connect
from tests.faults.world import World


def _misbehave(world: World, **faults: object) -> None:
    world.carrier.faults.set(faults)
    time.sleep(world.outage)
    world.carrier.faults.set({name: type(value)() for name, value in faults.items()})


FAULTS: dict[str, Callable[[World], None]] = {
    "nothing": lambda world: None,
    "worker killed": lambda world: world.kill("worker0"),
    "work-horse killed": lambda world: world.kill("worker0", children_too=True, itself=False),
    "worker and work-horse killed": lambda world: world.kill("worker0", children_too=True),
    "web process killed": lambda world: world.kill_web_process(),
    "web server killed": lambda world: world.kill("web", children_too=True),
    "sweep killed": lambda world: world.kill("sweep"),
    "Redis flushed": lambda world: connect(world.settings.redis_url).flushall(),
    "Redis killed": lambda world: world.restart_redis(),
    "Redis frozen": lambda world: world.freeze(world.redis.process.pid),
    "PostgreSQL restarted": lambda world: world.restart_database(signal.SIGINT),
    "PostgreSQL killed": lambda world: world.restart_database(signal.SIGQUIT),
    "PostgreSQL away": lambda world: world.restart_database(signal.SIGINT, away=True),
    "PostgreSQL frozen": lambda world: world.freeze(world.database.process.pid),
    "disk full": lambda world: world.fill_disk(),
    "carrier says 404": partial(_misbehave, media_status=404),
    "carrier says 429": partial(_misbehave, media_status=429),
    "carrier says 503": partial(_misbehave, media_status=503),
    "carrier sends a byte a second": partial(_misbehave, media_slow=True),
    "carrier cuts off": partial(_misbehave, media_cut=True),
}
