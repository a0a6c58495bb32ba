"""A carrier of requests that goes nowhere: what it answers is written down before."""

from collections.abc import Iterator, Mapping
from typing import Self

from reconciler.client.transport import Answer

Given = Answer | Exception


class Script:
    """Each method has its answers, one by one; ``sent`` lists the methods.

    Nothing is found by a read that none is given for.
    """

    def __init__(self, answers: Mapping[str, Iterator[Given]]) -> None:
        self._answers = answers
        self.sent: list[str] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        self.sent.append(method)
        given = self._answers.get(method, iter(()))
        answer = next(given, Answer(200, {}, b"[]")) if method == "GET" else next(given)
        if isinstance(answer, Exception):
            raise answer
        return answer
