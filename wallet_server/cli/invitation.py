"""What `dev` prints at the end: three calls to go on with."""

import json
import shlex
import sys
from pathlib import Path

from wallet_server.execution.id_source import new_id

TENANT_ID = "demo"
CURRENCY_CODE = "EUR"
PROVIDER_ID = "acme-sports"
STAKE_MINOR_UNITS = 1000


def invitation(port: int, player_id: str) -> str:
    """Returns three grpcurl commands that work as they are printed.

    Without a player, as no demonstration was played, the wallet is opened instead
    of read, and the bet is declined: there is nothing to pay for it.
    """
    wallet = {
        "tenant_id": TENANT_ID,
        "player_id": player_id or "player-1",
        "currency_code": CURRENCY_CODE,
    }
    bet = {
        "request_id": new_id(),
        "wallet": wallet,
        "provider_id": PROVIDER_ID,
        "bet_ref": f"ticket-{new_id()[:8]}",
        "stake": {"asset_code": CURRENCY_CODE, "minor_units": STAKE_MINOR_UNITS},
    }
    open_wallet = {"request_id": new_id(), "wallet": wallet}
    first = (
        command(port, "wallet.v1.WalletQueries/GetWallet", {"wallet": wallet})
        if player_id
        else command(port, "wallet.v1.WalletCommands/OpenWallet", open_wallet)
    )
    return "\n\n".join(
        (
            "\nGo on with grpcurl, from another terminal. A call that is sent twice is done once:",
            command(port, "list"),
            first,
            command(port, "wallet.v1.WalletCommands/AuthorizeBet", bet),
            "Ctrl-C stops the server and its Postgres.",
        )
    )


def command(port: int, what: str, request: object = None) -> str:
    """Returns a grpcurl command, ready to paste."""
    body = [] if request is None else ["-d", json.dumps(request)]
    words = [grpcurl(), "-plaintext", *body, f"127.0.0.1:{port}", what]
    return "    " + " ".join(shlex.quote(word) for word in words)


def grpcurl() -> str:
    """Returns where grpcurl is: beside this Python, if it came with it."""
    beside = Path(sys.executable).parent / "grpcurl"
    if not beside.exists():
        return "grpcurl"
    here = Path.cwd()
    return str(beside.relative_to(here)) if beside.is_relative_to(here) else str(beside)
