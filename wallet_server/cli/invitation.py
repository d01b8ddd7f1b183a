"""What `dev` prints at the end: commands to go on with."""

import json
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wallet_server.cli.demonstration_script import Script, read_script
from wallet_server.execution.id_source import new_id

REF_CHARACTERS = 8


def invitation(port: int, data_dir: Path, player_id: str) -> str:
    """Returns commands that work as they are printed, one after the other.

    Without a player, as no demonstration was played, they open a wallet and fill it.
    """
    calls = [grpcurl(port, method, body) for method, body in calls_of(read_script(), player_id)]
    verify = command("wallet-server", "verify", "--data-dir", str(data_dir))
    return "\n\n".join(
        (
            "\nGo on with grpcurl, from another terminal. A call that is sent twice is done once:",
            grpcurl(port, "list"),
            *calls,
            "Check the books, now or when the server has stopped:",
            verify,
            "Ctrl-C stops the server and its Postgres.",
        )
    )


def calls_of(script: Script, player_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields methods with their requests, from a wallet to a bet."""
    invited = script.invitation
    wallet = {
        "tenant_id": script.tenant_id,
        "player_id": player_id or invited.player_id,
        "currency_code": script.currency_code,
    }
    if player_id:
        yield "WalletQueries/GetWallet", {"wallet": wallet}
    else:
        deposit = with_money(invited.deposit, script.currency_code, deposit_id=new_ref("deposit"))
        yield "WalletCommands/OpenWallet", {"request_id": new_id(), "wallet": wallet}
        yield "WalletCommands/ApproveDeposit", {"request_id": new_id(), "wallet": wallet, **deposit}
    bet = with_money(invited.bet, script.currency_code, bet_ref=new_ref("ticket"))
    yield "WalletCommands/AuthorizeBet", {"request_id": new_id(), "wallet": wallet, **bet}


def with_money(request: Mapping[str, Any], currency_code: str, **refs: str) -> dict[str, Any]:
    """Returns a request with its whole numbers as amounts of the wallet's currency."""
    amounts = {
        field: {"asset_code": currency_code, "minor_units": value}
        for field, value in request.items()
        if isinstance(value, int)
    }
    return {**request, **refs, **amounts}


def new_ref(noun: str) -> str:
    """Returns a name that nothing else has."""
    return f"{noun}-{new_id()[:REF_CHARACTERS]}"


def grpcurl(port: int, what: str, request: object = None) -> str:
    """Returns a call of a method, or what else grpcurl can do, ready to paste."""
    address = f"127.0.0.1:{port}"
    if request is None:
        return command("grpcurl", "-plaintext", address, what)
    return command("grpcurl", "-plaintext", "-d", json.dumps(request), address, f"wallet.v1.{what}")


def command(program: str, *arguments: str) -> str:
    """Returns a command line of an indented line of its own."""
    return "    " + shlex.join((find_program(program), *arguments))


def find_program(name: str) -> str:
    """Returns where a program is: beside this Python, if it came with it."""
    beside = Path(sys.executable).parent / name
    if not beside.exists():
        return name
    here = Path.cwd()
    return str(beside.relative_to(here)) if beside.is_relative_to(here) else str(beside)
