"""Audio is written whole or not at all, in a folder as in a bucket."""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.media import file_store
from hotline.media.file_store import FileStore
from hotline.media.open_store import open_store
from hotline.media.s3_store import S3Store
from hotline.media.store import MediaStore, StoreAway, StoreFull
from hotline.settings import Settings
from tests.buckets import BUCKET
from tests.journeys.running import free_port

LONG = bytes(range(256)) * 4096 * 9  # nine megabytes: an hour of a voice is a hundred


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    """An empty store of each kind."""
    if request.param == "file":
        return FileStore(f"file:{tmp_path}/audio")
    return bucket(request.getfixturevalue("s3_server"), prefix=uuid.uuid4().hex)


def bucket(url: str, prefix: str = "", name: str = BUCKET) -> S3Store:
    return S3Store(f"s3://{name}/{prefix}", url, key_id="test", secret_key="test")


@pytest.mark.parametrize("sealed", [b"sealed", b"", LONG], ids=["short", "empty", "long"])
def test_what_is_put_is_got(store: MediaStore, sealed: bytes) -> None:
    store.put("abc-original", sealed)
    assert store.get("abc-original") == sealed


def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: MediaStore) -> None:
    store.put("abc-original", b"sealed")
    store.delete("abc-original")
    store.delete("abc-original")
    with pytest.raises(FileNotFoundError):
        store.get("abc-original")
    assert store.names() == []


def test_the_same_name_again_replaces_what_was_there(store: MediaStore) -> None:
    store.put("abc", b"first")
    store.put("abc", b"second")
    assert store.get("abc") == b"second" and store.names() == ["abc"]


def test_every_name_is_listed_in_order(store: MediaStore) -> None:
    for name in ("b2-playback", "a1-original", "b2-original"):
        store.put(name, b"x")
    assert store.names() == ["a1-original", "b2-original", "b2-playback"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden"])
def test_a_name_has_no_folders(store: MediaStore, name: str) -> None:
    for act in (lambda: store.put(name, b"x"), lambda: store.get(name), lambda: store.delete(name)):
        with pytest.raises(ValueError, match="no folders"):
            act()


def test_nobody_else_may_read_a_file(tmp_path: Path) -> None:
    FileStore(f"file:{tmp_path}").put("abc", b"sealed")
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o077 == 0


def test_a_failed_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(f"file:{tmp_path}")
    store.put("abc", b"first")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hotline.media.file_store.os.fsync", full)
    with pytest.raises(StoreFull, match="no room"):
        store.put("abc", b"second")
    assert store.get("abc") == b"first" and store.names() == ["abc"]


def test_what_a_killed_writer_left_is_cleared_later_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    store = FileStore(f"file:{tmp_path}")
    store.put("aa-original", b"whole")
    for name, age in ((".ab-original.0123abcd", file_store.UNFINISHED + 60), (".ac-original.0123abcd", 5)):
        (tmp_path / "al" / name).write_bytes(b"half")
        then = time.time() - age
        os.utime(tmp_path / "al" / name, (then, then))
    store.clear_unfinished()
    left = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert left == [".ac-original.0123abcd", "aa-original"]


def test_two_prefixes_of_one_bucket_are_two_stores(s3_server: str) -> None:
    one, other = bucket(s3_server, "one"), bucket(s3_server, "other")
    one.put("abc", b"x")
    assert one.names() == ["abc"] and other.names() == []


ACTS: list[Callable[[MediaStore], object]] = [
    lambda store: store.put("abc", b"x"),
    lambda store: store.get("abc"),
    lambda store: store.delete("abc"),
    lambda store: store.names(),
]


@pytest.mark.parametrize("act", ACTS, ids=["put", "get", "delete", "names"])
def test_a_bucket_that_does_not_answer_says_so_soon(act: Callable[[MediaStore], object]) -> None:
    began = time.monotonic()
    with pytest.raises(StoreAway):
        act(bucket(f"http://127.0.0.1:{free_port()}"))
    assert time.monotonic() - began < 10


def test_a_bucket_that_is_not_there_is_no_missing_recording(s3_server: str) -> None:
    with pytest.raises(StoreAway, match="NoSuchBucket"):
        bucket(s3_server, name="nobodys-bucket").get("abc")


def test_the_setting_chooses_the_store(settings: Settings, s3_server: str) -> None:
    assert isinstance(open_store(settings), FileStore)
    given = {
        "media_url": f"s3://{BUCKET}/chosen",
        "s3_endpoint_url": s3_server,
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }
    chosen = open_store(settings.model_copy(update=given))
    chosen.put("abc", b"x")
    assert bucket(s3_server, "chosen").get("abc") == b"x"
    assert open_store(settings.model_copy(update=given)) is chosen, "one client a process"
