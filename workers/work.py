"""Start one RQ worker: `python -m workers.work`. It forks for each ring; nothing is open before that."""

import gc
import sys

import rq
from rq.serializers import JSONSerializer
from sqlalchemy.orm import configure_mappers

from hotline.doorbell import QUEUE, OnlyWorkDue
from hotline.settings import WrongSettings, read_settings
from hotline.web.logs import write_logs
from workers import work_due as _loaded_before_the_fork  # noqa: F401  (saves each work-horse the imports)


def main() -> None:
    import redis

    try:
        settings = read_settings()
    except WrongSettings as wrong:
        sys.exit(str(wrong))
    write_logs(settings)
    configure_mappers()
    gc.freeze()  # each work-horse begins with this memory, and does not go through it for garbage
    connection = redis.Redis.from_url(settings.redis_url, health_check_interval=30)
    worker = rq.Worker(
        [QUEUE],
        connection=connection,
        job_class=OnlyWorkDue,
        serializer=JSONSerializer,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING", with_scheduler=False)


if __name__ == "__main__":
    main()
