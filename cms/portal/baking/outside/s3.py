"""An S3-compatible store. Needs the extra ``s3`` (boto3)."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cms.core import practice
from cms.portal.baking.outside.stores import MARKER, ForeignPlace, Item, StoreError

CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 10, 2


class S3Store:
    """Objects below a prefix of a bucket, each with its type, encoding and lifetime."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._client = _client()
        self._is_ours = False

    def put(self, name: str, item: Item) -> None:
        headers = {"ContentEncoding": item.encoding} if item.encoding else {}
        with _refusals():
            self._claim()
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._prefix + name,
                Body=item.data,
                ContentType=item.content_type,
                CacheControl=item.cache_control,
                # Refused rather than stored when a byte got lost on the way.
                ContentMD5=_md5(item.data),
                **headers,
            )

    def remove(self, name: str) -> None:
        with _refusals():
            self._claim()
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def digests(self) -> Iterator[tuple[str, str]]:
        found = {}
        with _refusals():
            self._claim()
            for page in self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            ):
                for row in page.get("Contents", ()):
                    found[row["Key"].removeprefix(self._prefix)] = row["ETag"].strip('"')
        found.pop(MARKER, None)
        yield from found.items()

    def _claim(self) -> None:
        """Mark an empty prefix as ours before anything is written. Raises ForeignPlace."""
        if self._is_ours:
            return
        if not self._has_marker():
            there = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)
            if not there.get("KeyCount"):
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + MARKER, Body=b"")
            # Asked again: another process of ours may have begun between the two questions.
            elif not self._has_marker():
                raise ForeignPlace(
                    f"s3://{self._bucket}/{self._prefix} holds other objects; name an empty prefix"
                )
        self._is_ours = True

    def _has_marker(self) -> bool:
        marker = self._prefix + MARKER
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=marker, MaxKeys=1)
        return any(row["Key"] == marker for row in found.get("Contents", ()))


def _client() -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise ImproperlyConfigured("PORTAL_STORE=s3://… needs boto3: install keng[s3].") from error
    endpoint = settings.PORTAL_S3_ENDPOINT or None
    practice.require_reachable(endpoint or "https://s3.amazonaws.com")
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=settings.PORTAL_S3_REGION,
        aws_access_key_id=settings.PORTAL_S3_ACCESS_KEY or None,
        aws_secret_access_key=settings.PORTAL_S3_SECRET_KEY or None,
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            proxies={},
            # Stores other than Amazon's do not all know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode("ascii")


@contextmanager
def _refusals() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        # The text of an answer may quote keys; its kind says enough.
        code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
        raise StoreError(f"{type(error).__name__} {code}".strip()) from error
