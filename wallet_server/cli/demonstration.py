"""Plays the demonstration and prints what it does to a wallet."""

from collections.abc import Collection, Iterator, Mapping

import grpc.aio

from wallet.v1 import wallet_pb2
from wallet_server.cli.demonstration_client import DemonstrationClient
from wallet_server.cli.demonstration_script import Call, Script, Step, read_script
from wallet_server.cli.tables import count_of, format_amount, format_table

HEADINGS = ("bucket", "before", "change", "after", "at stake")


class DemonstrationError(Exception):
    """A call was answered otherwise than the script says."""


async def play(port: int) -> str:
    """Plays the script to the server at a port of this machine, and prints it.

    Each run has a player of its own, so that every run shows the same figures, and
    the second finds the first one's wallet. Returns the name of that player.
    """
    script = read_script()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        client, run = await open_fresh_wallet(channel, script)
        exponents = await client.read_exponents()
        if run > 1:
            earlier = DemonstrationClient(channel, wallet_of(script, run - 1), run - 1)
            print_earlier(await earlier.read_wallet(), exponents)
        print(
            f"Wallet {script.tenant_id}/{client.wallet.player_id}/{script.currency_code} is open."
        )
        used: set[str] = set()
        for number, step in enumerate(script.steps, start=1):
            print(f"\n{number}. {step.title}")
            before, after = await play_step(client, step)
            used |= {*used_buckets(before), *used_buckets(after)}
            print(format_table([HEADINGS, *rows_of(before, after, exponents, used)]))
        return client.wallet.player_id


async def open_fresh_wallet(
    channel: grpc.aio.Channel, script: Script
) -> tuple[DemonstrationClient, int]:
    """Opens the first wallet that no earlier run has opened. Returns the run's number, too."""
    run = 1
    client = DemonstrationClient(channel, wallet_of(script, run), run)
    while await client.is_open():
        run += 1
        client = DemonstrationClient(channel, wallet_of(script, run), run)
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
        print(f"    {call.method}: {answered}")
        if answered != call.expected:
            raise DemonstrationError(f"{call.method} was answered {answered}, not {call.expected}")
    return before, await client.read_wallet()


def used_buckets(wallet: wallet_pb2.Wallet) -> Iterator[str]:
    """Yields the buckets that hold something, or have staked something that is still open."""
    for bucket in wallet.buckets:
        if bucket.balance.minor_units or bucket.open_stake.minor_units:
            yield bucket.code


def rows_of(
    before: wallet_pb2.Wallet,
    after: wallet_pb2.Wallet,
    exponents: Mapping[str, int],
    shown: Collection[str],
) -> Iterator[tuple[str, ...]]:
    """Yields a row for each bucket that is shown, in the wallet's order."""
    earlier = {bucket.code: bucket.balance.minor_units for bucket in before.buckets}
    for bucket in after.buckets:
        exponent = exponents[bucket.balance.asset_code]
        was, now = earlier.get(bucket.code, 0), bucket.balance.minor_units
        at_stake = bucket.open_stake.minor_units
        if bucket.code in shown:
            yield (
                bucket.code,
                format_amount(was, exponent=exponent),
                format_amount(now - was, exponent=exponent, signed=True),
                format_amount(now, exponent=exponent),
                format_amount(at_stake, exponent=exponent),
            )


def print_earlier(wallet: wallet_pb2.Wallet, exponents: Mapping[str, int]) -> None:
    """Prints what the last run has left behind."""
    after = count_of(wallet.sequence, "command")
    print(f"Found {wallet.wallet.player_id} of an earlier run, after {after}:")
    held = set(used_buckets(wallet))
    rows = [(code, now) for code, _, _, now, _ in rows_of(wallet, wallet, exponents, held)]
    print(format_table([("bucket", "balance"), *rows]) + "\n")
