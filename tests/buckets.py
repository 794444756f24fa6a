"""A server that speaks S3, as a process of its own (moto's: real HTTP, everything in memory)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import requests

from tests.journeys.running import free_port

BUCKET = "hotline-audio"
ACCOUNT = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address, with an empty bucket."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path_factory.mktemp("s3") / "log"
    process = start(port, log)
    try:
        boto3.client("s3", endpoint_url=url, **ACCOUNT).create_bucket(Bucket=BUCKET)
        yield url
    finally:
        process.kill()
        process.wait()


def start(port: int, log: Path, host: str = "127.0.0.1") -> "subprocess.Popen[bytes]":
    """Started, and answering."""
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", host, "-p", str(port)],
            stdout=written,
            stderr=written,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
        )
    deadline = time.monotonic() + 60
    while True:
        try:
            requests.get(f"http://{host}:{port}/moto-api/", timeout=1)
            return process
        except requests.RequestException:
            assert time.monotonic() < deadline and process.poll() is None, log.read_text()
            time.sleep(0.05)
