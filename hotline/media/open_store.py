"""The store that MEDIA_URL names."""

from functools import lru_cache

from hotline.media.file_store import FileStore
from hotline.media.s3_store import S3Store
from hotline.media.store import MediaStore
from hotline.settings import Settings


def open_store(settings: Settings) -> MediaStore:
    """`file:/folder` or `s3://bucket/prefix`; nothing is opened before the first use."""
    if not settings.media_url.startswith("s3:"):
        return FileStore(settings.media_url)
    return _bucket(
        settings.media_url,
        settings.s3_endpoint_url,
        key_id=settings.aws_access_key_id,
        secret_key=settings.aws_secret_access_key,
        region=settings.aws_region,
    )


_bucket = lru_cache(maxsize=8)(S3Store)  # a client takes a fifth of a second to make, and serves all threads
