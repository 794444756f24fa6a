"""The migrations make what the models say, and can be walked both ways."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from hotline.db import make_engine
from hotline.settings import Settings


@pytest.fixture
def config(settings: Settings) -> Iterator[Config]:
    engine = make_engine(settings, pooled=False)
    with engine.connect() as connection:
        made = Config()
        made.set_main_option("script_location", "hotline:migrations")
        made.attributes["connection"] = connection
        yield made


def test_the_models_say_nothing_that_no_migration_makes(config: Config) -> None:
    command.check(config)


def test_down_to_nothing_and_up_again(config: Config) -> None:
    connection: sa.Connection = config.attributes["connection"]
    command.downgrade(config, "base")
    connection.commit()
    assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    command.upgrade(config, "head")
    connection.commit()
    command.check(config)
