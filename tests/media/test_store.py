"""Audio is written whole or not at all."""

from pathlib import Path

import pytest

from hotline.media.store import MediaStore


def test_what_is_put_is_got_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    store = MediaStore(f"file:{tmp_path}/audio")
    store.put("abc-original", b"sealed")
    assert store.get("abc-original") == b"sealed"
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o077 == 0
    store.delete("abc-original")
    store.delete("abc-original")
    with pytest.raises(FileNotFoundError):
        store.get("abc-original")


def test_a_failed_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MediaStore(f"file:{tmp_path}")
    store.put("abc", b"first")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hotline.media.store.os.fsync", full)
    with pytest.raises(OSError, match="no room"):
        store.put("abc", b"second")
    assert store.get("abc") == b"first" and store.names() == ["abc"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden"])
def test_a_name_has_no_folders(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no folders"):
        MediaStore(f"file:{tmp_path}").put(name, b"x")
