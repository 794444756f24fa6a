"""Sealed audio as objects in a bucket (`s3://bucket/prefix`), at Amazon or whoever speaks its language.

The client is made at first use, after RQ and gunicorn have forked. One bucket serves every machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from hotline.media.store import StoreAway, StoreFull, check_name

CONNECT, READ, TRIES = 2, 10, 3  # seconds, seconds, times; the default of 60 s outlasts a lease
GONE = ("NoSuchKey", "404", "NotFound")
FULL = ("QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507")


class S3Store:
    """Objects by name under the prefix."""

    def __init__(
        self,
        media_url: str,
        endpoint_url: str = "",
        *,
        key_id: str = "",
        secret_key: str = "",
        region: str = "",
    ) -> None:
        """Without keys boto3 looks for the machine's own role."""
        parts = urlsplit(media_url)
        prefix = unquote(parts.path).strip("/")
        self._bucket, self._prefix = parts.netloc, f"{prefix}/" if prefix else ""
        self._endpoint_url = endpoint_url or None
        self._account = {
            "aws_access_key_id": key_id or None,
            "aws_secret_access_key": secret_key or None,
            "region_name": region or "us-east-1",  # what a server of one's own is content with
        }

    @cached_property
    def _client(self) -> Any:
        import boto3  # a quarter of a second, for those who have a bucket
        from botocore.config import Config

        options = Config(
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"mode": "standard", "max_attempts": TRIES},
            s3={"addressing_style": "path"},  # a bucket of one's own server has no name in the DNS
        )
        return boto3.session.Session(**self._account).client(
            "s3", endpoint_url=self._endpoint_url, config=options
        )

    def put(self, name: str, sealed: bytes) -> None:
        """Its checksum travels with it, and the server refuses what does not match."""
        with _faults(name):
            self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=sealed)

    def get(self, name: str) -> bytes:
        with _faults(name):
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=self._key(name))["Body"].read()
            return body

    def delete(self, name: str) -> None:
        with _faults(name):
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def names(self) -> list[str]:
        found: list[str] = []
        with _faults(self._prefix):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                found += [item["Key"].removeprefix(self._prefix) for item in page.get("Contents", ())]
        return sorted(found)

    def clear_unfinished(self) -> None:
        """A bucket has an object whole or not at all."""

    def _key(self, name: str) -> str:
        check_name(name)
        return self._prefix + name


@contextmanager
def _faults(what: str) -> Iterator[None]:
    """The store's own errors; what the server said may name keys and is not passed on."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as refused:
        code = str(refused.response.get("Error", {}).get("Code", ""))
        if code in GONE:
            raise FileNotFoundError(what) from None
        if code in FULL:
            raise StoreFull("no room for audio") from None
        raise StoreAway(f"the bucket refuses: {code}") from None
    except BotoCoreError as broken:
        raise StoreAway(type(broken).__name__) from None
