"""`hotline fallback write`: files for another host, and the addresses to paste."""

from pathlib import Path

import pytest

from tests.cli.test_commands import run  # noqa: F401  (a fixture)


def test_each_line_has_its_address_to_paste(run, line: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    done = run("fallback", "write", str(tmp_path / "out"), "--base-url", "https://files.example/sorry/")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("https://files.example/sorry/6620000142/incoming.xml\n")
    document = (tmp_path / "out" / "6620000142" / "incoming.xml").read_text()
    assert "https://files.example/sorry/prompts/" in document


@pytest.mark.parametrize("base_url", ["files.example", "https://files.example/?a=1"])
def test_an_address_that_is_not_whole_is_refused(run, tmp_path: Path, base_url: str) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    failed = run("fallback", "write", str(tmp_path), "--base-url", base_url)
    assert failed.exit_code == 1 and "whole address" in failed.output


def test_without_a_line_it_says_so(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    failed = run("fallback", "write", str(tmp_path), "--base-url", "https://files.example")
    assert failed.exit_code == 1 and "hotline line add" in failed.output
