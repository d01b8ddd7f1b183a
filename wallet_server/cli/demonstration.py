"""Plays the demonstration and prints what it does to a wallet."""

from datetime import datetime

from wallet.v1 import wallet_pb2
from wallet_client import WalletClient
from wallet_server.cli.demonstration_client import DemonstrationClient
from wallet_server.cli.demonstration_script import Call, Script, Step, read_script
from wallet_server.cli.demonstration_tables import DemonstrationTables
from wallet_server.cli.tables import count_of
from wallet_server.execution.clock import SystemClock


class DemonstrationError(Exception):
    """A call was answered otherwise than the script says."""


async def play(port: int) -> str:
    """Plays the script to the server at a port of this machine, and prints it.

    Each run has a player of its own, so that every run shows the same figures, and
    the second finds the first one's wallet. Returns the name of that player.
    """
    script, start = read_script(), SystemClock().now()
    async with WalletClient(f"127.0.0.1:{port}") as wallets:
        client, run = await open_fresh_wallet(wallets, script, start)
        tables = DemonstrationTables(await client.read_exponents())
        if run > 1:
            earlier = DemonstrationClient(wallets, wallet_of(script, run - 1), start)
            print_earlier(await earlier.read_wallet(), tables)
        print(
            f"Wallet {script.tenant_id}/{client.wallet.player_id}/{script.currency_code} is open."
        )
        for number, step in enumerate(script.steps, start=1):
            print(f"\n{number}. {step.title}")
            before, after = await play_step(client, step)
            print(tables.of_step(before, after))
        return client.wallet.player_id


async def open_fresh_wallet(
    wallets: WalletClient, script: Script, start: datetime
) -> tuple[DemonstrationClient, int]:
    """Opens the first wallet that no earlier run has opened. Returns the run's number, too."""
    run = 1
    client = DemonstrationClient(wallets, wallet_of(script, run), start)
    while await client.is_open():
        run += 1
        client = DemonstrationClient(wallets, wallet_of(script, run), start)
    opened = await client.send(Call("OpenWallet", {}, "APPLIED"))
    if opened != "APPLIED":
        raise DemonstrationError(f"OpenWallet was answered {opened}")
    return client, run


def wallet_of(script: Script, run: int) -> wallet_pb2.WalletRef:
    """Returns the wallet that a run plays with."""
    return wallet_pb2.WalletRef(
        tenant_id=script.tenant_id, player_id=f"demo-{run}", currency_code=script.currency_code
    )


async def play_step(
    client: DemonstrationClient, step: Step
) -> tuple[wallet_pb2.Wallet, wallet_pb2.Wallet]:
    """Sends the calls of a step. Returns the wallet before and after them.

    Raises:
        DemonstrationError: An answer is not the one that the script expects.

    """
    before = await client.read_wallet()
    for call in step.calls:
        answered = await client.send(call)
        print(f"    {call.title}: {answered}")
        if answered != call.expected:
            raise DemonstrationError(f"{call.method} was answered {answered}, not {call.expected}")
    return before, await client.read_wallet()


def print_earlier(wallet: wallet_pb2.Wallet, tables: DemonstrationTables) -> None:
    """Prints what the last run has left behind."""
    after = count_of(wallet.sequence, "command")
    print(f"Found {wallet.wallet.player_id} of an earlier run, after {after}:")
    print(tables.of_balances(wallet) + "\n")
