"""What a scenario file says is there before the first step."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.conformance.node import Node
from wallet_server.conformance.requests import RequestError, build_request
from wallet_server.conformance.scenario import Call, GivenWallet
from wallet_server.conformance.shorthand import Cast

WALLET_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
BALANCE_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class GivenKind:
    """A kind of thing that a wallet has: the command that makes it, and the field of its name."""

    method: str
    name_field: str


KINDS: Mapping[str, GivenKind] = {
    "coupons": GivenKind("WalletCommands.GrantCoupon", "grant_id"),
    "promotions": GivenKind("WalletCommands.CreditPromotion", "promotion_id"),
    "rounds": GivenKind("WalletCommands.PlayRound", "round_ref"),
}
"""In the order in which they are made."""

FIELDS = ("player", "currency", "balances", "opened", *KINDS)


def read_given(node: Node) -> dict[str, GivenWallet]:
    """Reads the wallets that there are, with what they have."""
    fields = node.fields(["wallets"], ["wallets"])
    nodes = fields["wallets"].entries() if "wallets" in fields else {}
    for name, wallet in nodes.items():
        if not WALLET_NAME.fullmatch(name):
            wallet.note("WRONG_NAME", "a wallet's name has small letters, digits and underscores")
    wallets = {name: _read_wallet(name, wallet) for name, wallet in nodes.items()}
    cast_ = stand_in(wallets)
    return {
        name: replace(wallet, calls=list(_read_calls(name, nodes[name], cast_)))
        for name, wallet in wallets.items()
    }


def stand_in(wallets: Mapping[str, GivenWallet]) -> Cast:
    """Returns names to try requests with before there is a run."""
    refs = {
        name: WalletRef(tenant_id="tenant", player_id="player", currency_code=wallet.currency)
        for name, wallet in wallets.items()
    }
    return Cast("tenant", refs)


def _read_wallet(name: str, node: Node) -> GivenWallet:
    fields = node.fields(FIELDS, ["currency"])
    balances = fields["balances"].integers() if "balances" in fields else {}
    opened = fields["opened"].boolean() if "opened" in fields else True
    for code, amount in balances.items():
        if not 0 <= amount <= BALANCE_MAX:
            fields["balances"].child(code, amount).note("OUT_OF_RANGE", "must not be negative")
    if not opened and (balances or fields.keys() & KINDS.keys()):
        node.note("WALLET_NOT_OPENED", "a wallet that is not opened holds nothing")
    return GivenWallet(
        player=fields["player"].text() if "player" in fields else name,
        currency=fields["currency"].text() if "currency" in fields else "",
        balances=balances,
        opened=opened,
    )


def _read_calls(wallet: str, node: Node, cast_: Cast) -> Iterator[Call]:
    """Yields the commands that make what a wallet has, each as its request."""
    fields = node.entries()
    for key, kind in KINDS.items():
        for name, each in fields[key].entries().items() if key in fields else ():
            written = {field: value.value for field, value in each.entries().items()}
            own = {"wallet": wallet, "request_id": f"given:{key}:{name}", kind.name_field: name}
            call = Call(kind.method, {**written, **own}, each.path)
            try:
                build_request(call, cast_)
            except RequestError as error:
                each.note("WRONG_REQUEST", str(error))
            yield call
