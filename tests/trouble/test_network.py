"""Trouble with the address and the network: said clearly, exit 1, nothing changed."""

import threading

import pytest

from tests.front import Cut, Forward, Reply, Request, closed_port, front
from tests.organization import Organization
from tests.trouble.prepared import Refused, says


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://api.bookingmood.com/v1", "would send the API key unencrypted"),
        ("http://192.168.1.10:8787/v1", "would send the API key unencrypted"),
        ("https://third-key@api.bookingmood.com/v1", "must not hold a user name"),
        ("https://x:third-key@api.bookingmood.com/v1", "must not hold a user name"),
        ("https://api.bookingmood.com/v1?api_key=third-key", "must not hold a user name"),
        ("api.bookingmood.com/v1", "is not an http(s) address"),
        ("ftp://third-key@api.bookingmood.com", "is not an http(s) address"),
        ("http://localhost:99999/v1", "is not an http(s) address"),
        ("http://[::1/v1", "is not an http(s) address"),
    ],
)
def test_with_an_address_that_is_none(refused: Refused, url: str, words: str) -> None:
    says(refused("--api-url", url), words)


def test_where_nobody_listens(refused: Refused) -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    says(refused("--api-url", url), f"no connection to {url}", "hint: check the network")


def test_where_the_name_is_not_known(refused: Refused) -> None:
    url = "https://api.example.invalid/v1"
    says(refused("--api-url", url), f"no connection to {url}", "hint: check the network")


def test_where_another_protocol_is_spoken(refused: Refused) -> None:
    """TLS to a server that speaks plain HTTP."""
    with front(lambda request, forward: Reply()) as url:
        https = url.replace("http://", "https://")
        says(refused("--api-url", https), f"no connection to {https}")


def test_where_no_answer_comes_in_time(refused: Refused) -> None:
    over = threading.Event()

    def rule(request: Request, forward: Forward) -> Reply:
        over.wait(20)
        raise Cut

    with front(rule) as url:
        done = refused("--api-url", url, "--timeout", "0.1")
        over.set()
    says(done, "no answer to GET /organizations: the time ran out")


def test_where_an_answer_drips(refused: Refused, organization: Organization) -> None:
    """The time limit is for the whole answer to begin and go on, not for ever."""

    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(200, b"[", {"Content-Length": "100"})

    with front(rule, organization.url) as url:
        says(refused("--api-url", url, "--timeout", "0.2"), "no answer to GET /organizations")
