"""Read the body of an answer, unpacked, and never more of it than fits."""

import zlib
from collections.abc import AsyncIterator, Sequence

import httpx

MAX_BODY = 64 * 1024 * 1024
_EITHER_HEADER = 32 + zlib.MAX_WBITS
"""gzip or zlib, by what the first bytes say."""
_NO_HEADER = -zlib.MAX_WBITS


class UnpackedTooLargeError(httpx.DecodingError):
    """An answer is over MAX_BODY bytes, as it came or unpacked."""


class EncodingError(httpx.DecodingError):
    """An answer is packed in a way that was not asked for."""


class BrokenError(Exception):
    """An answer is not packed as it says, or cut off."""


async def unpacked(chunks: AsyncIterator[bytes], encodings: Sequence[str]) -> bytes:
    """Join chunks, unpacked by ``encodings``, the values of Content-Encoding.

    Raises UnpackedTooLargeError, EncodingError, BrokenError.
    """
    names = [name.strip().lower() for value in encodings for name in value.split(",")]
    packed = [name for name in names if name not in {"", "identity"}]
    if not packed:
        return await _joined(chunks)
    if packed not in (["gzip"], ["x-gzip"], ["deflate"]):
        raise EncodingError(f"is encoded as {', '.join(packed)[:80]!r}, which was not asked for")
    return await _unzipped(chunks, packed[0])


async def _joined(chunks: AsyncIterator[bytes]) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > MAX_BODY:
            raise UnpackedTooLargeError(f"is over {MAX_BODY // 2**20} MiB")
        parts.append(chunk)
    return b"".join(parts)


async def _unzipped(chunks: AsyncIterator[bytes], name: str) -> bytes:
    """Unpack chunk by chunk; a small one may hold a thousand times its size."""
    parts: list[bytes] = []
    room = MAX_BODY
    unzip = None
    async for chunk in chunks:
        while chunk:
            unzip = unzip or zlib.decompressobj(_bits(chunk, name))
            try:
                part = unzip.decompress(chunk, room + 1)
            except zlib.error as error:
                raise BrokenError(f"is not {name}, as its header says") from error
            room -= len(part)
            if room < 0:
                raise UnpackedTooLargeError(f"is over {MAX_BODY // 2**20} MiB")
            parts.append(part)
            chunk = unzip.unconsumed_tail
            if unzip.eof:  # gzip may have several parts, one after the other
                chunk, unzip = (b"" if name == "deflate" else unzip.unused_data), None
    if unzip is not None:
        raise BrokenError("was cut off")
    return b"".join(parts)


def _bits(start: bytes, name: str) -> int:
    """Choose how to read: deflate comes with a header, as it should, or without."""
    with_header = start[0] & 0x0F == 8 and (len(start) < 2 or int.from_bytes(start[:2]) % 31 == 0)
    return _NO_HEADER if name == "deflate" and not with_header else _EITHER_HEADER
