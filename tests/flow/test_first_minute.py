"""The worker's first minute: in every language, on lines of four, each way is as short as we promise."""

from pathlib import Path

import pytest

from benchmarks import worker_minute


def test_each_way_to_the_microphone_takes_no_more_keys_and_seconds_than_its_target(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["worker_minute"])
    code = worker_minute.main()
    rows = [row for row in capsys.readouterr().out.splitlines() if " keys, " in row]
    assert [row for row in rows if "missed" in row] == [] and code == 0
    asked = {row.split(" | ")[0].strip("| ") for row in rows}
    assert asked == {"my", "th", "km", "lo", "ne", "bn", "id", "vi", "hi", "ta", "fil", "en"}
    assert len(rows) == len(asked) * len(worker_minute.TARGETS)


def test_the_voices_are_those_of_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["worker_minute", "--languages", "my,th"])
    worker_minute.main()
    assert "my has no voice here" in capsys.readouterr().out
