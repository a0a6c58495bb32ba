"""A transport that goes nowhere: what it answers is written down before."""

from collections.abc import Iterator, Mapping

import httpx

Given = httpx.Response | Exception


class Script(httpx.AsyncBaseTransport):
    """Each method has its answers, one by one; ``sent`` lists the methods.

    Nothing is found by a read that none is given for.
    """

    def __init__(self, answers: Mapping[str, Iterator[Given]]) -> None:
        self._answers = answers
        self.sent: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.method)
        given = self._answers.get(request.method, iter(()))
        none = httpx.Response(200, content=b"[]")
        answer = next(given, none) if request.method == "GET" else next(given)
        if isinstance(answer, Exception):
            raise answer
        return answer
