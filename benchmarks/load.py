"""A small load: requests rendered beforehand, sent over kept-alive loopback connections."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a run showed. `seconds` is its wall time, `waits` the time of each request, in seconds."""

    seconds: float
    waits: tuple[float, ...]
    refused: int  # answers other than 200

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bool:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    if length:
        await reader.readexactly(length)
    return head.startswith(b"HTTP/1.1 200")


async def _closed(port: int, requests: Sequence[bytes], connections: int) -> Load:
    left, waits, refused = deque(requests), [], 0

    async def talk() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while left:
            request = left.popleft()
            began = time.perf_counter()
            try:
                good = await _ask(reader, writer, request)
            except (asyncio.IncompleteReadError, ConnectionError):  # kept alive no longer
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                good = await _ask(reader, writer, request)
            waits.append(time.perf_counter() - began)
            refused += not good
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(talk() for _ in range(connections)))
    return Load(time.perf_counter() - began, tuple(waits), refused)


async def _paced(port: int, requests: Sequence[bytes], rate: float) -> Load:
    """Each request leaves at its time, whether or not earlier ones were answered."""
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    waits, refused = [], 0

    async def send(request: bytes, due: float) -> None:
        nonlocal refused
        pair = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        try:
            good = await _ask(*pair, request)
        except (asyncio.IncompleteReadError, ConnectionError):
            pair = await asyncio.open_connection("127.0.0.1", port)
            good = await _ask(*pair, request)
        idle.append(pair)
        waits.append(time.perf_counter() - due)
        refused += not good

    began, tasks = time.perf_counter(), []
    for number, request in enumerate(requests):
        due = began + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(send(request, due)))
    await asyncio.gather(*tasks)
    return Load(time.perf_counter() - began, tuple(waits), refused)


def as_fast_as_answered(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send them all, each connection one after the other."""
    return asyncio.run(_closed(port, requests, connections))


def at_rate(port: int, requests: Sequence[bytes], rate: float) -> Load:
    """Send them at a fixed number a second."""
    return asyncio.run(_paced(port, requests, rate))
