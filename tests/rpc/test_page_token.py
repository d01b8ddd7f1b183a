"""Page tokens lead from page to page, and nowhere else."""

import base64

import pytest
from google.protobuf.message import Message

from wallet.v1 import policy_admin_pb2, topology_admin_pb2
from wallet.v1.wallet_pb2 import WalletRef
from wallet.v1.wallet_queries_pb2 import ListEntriesRequest
from wallet_server.core.refusals import PageTokenInvalid
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.page_token import Pages

WALLET = WalletRef(tenant_id="demo", player_id="p", currency_code="EUR")
PAGES: Pages[tuple[int, int]] = Pages(b"secret")
ROWS = [(n, 0) for n in range(1, 10)]


def request(token: str = "", *, size: int = 2, newest_first: bool = False) -> ListEntriesRequest:
    return ListEntriesRequest(
        wallet=WALLET, page_size=size, page_token=token, newest_first=newest_first
    )


def token_of_first_page() -> str:
    _, token = PAGES.cut(request(), ROWS[:3], key_of=lambda row: row)
    return token


def test_pages_add_up_to_the_listing() -> None:
    token, seen = "", []
    while True:
        after = PAGES.after(request(token)) or (0, 0)
        rows = [row for row in ROWS if row > after][: PAGES.size(request()) + 1]
        page, token = PAGES.cut(request(), rows, key_of=lambda row: row)
        seen.append(list(page))
        if not token:
            break

    assert seen == [ROWS[0:2], ROWS[2:4], ROWS[4:6], ROWS[6:8], ROWS[8:9]]


@pytest.mark.parametrize(("asked", "given"), [(0, 50), (1, 1), (500, 500), (501, 500)])
def test_a_page_has_a_size_between_one_and_its_limit(asked: int, given: int) -> None:
    assert PAGES.size(request(size=asked)) == given


def test_a_page_may_have_another_size_than_the_one_before() -> None:
    assert PAGES.after(request(token_of_first_page(), size=7)) == (2, 0)


@pytest.mark.parametrize(
    ("case", "pages", "asked"),
    [
        ("another filter", PAGES, request(token_of_first_page(), newest_first=True)),
        ("another secret", Pages(b"other"), request(token_of_first_page())),
        ("another listing", PAGES, topology_admin_pb2.ListTopologiesRequest(page_token=token_of_first_page())),
        ("no base64", PAGES, request("%%%")),
        ("not ASCII", PAGES, request("ü")),
        ("cut short", PAGES, request(token_of_first_page()[:8])),
        ("a forged key", PAGES, request(base64.urlsafe_b64encode(b"\0" * 16 + b"[9,0]").decode())),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_any_other_token_is_refused(
    case: str, pages: Pages[tuple[int, int]], asked: Message
) -> None:
    with pytest.raises(RefusedError) as caught:
        pages.after(asked)  # type: ignore[arg-type]

    assert caught.value.refusal == PageTokenInvalid()


def test_keys_of_text_and_number_come_back_as_they_were() -> None:
    pages: Pages[tuple[str, int]] = Pages(b"secret")
    asked = policy_admin_pb2.ListPoliciesRequest(tenant_id="demo", page_size=1)

    _, asked.page_token = pages.cut(asked, [("SLOTS", 2), ("SLOTS", 1)], key_of=lambda row: row)

    assert pages.after(asked) == ("SLOTS", 2)
