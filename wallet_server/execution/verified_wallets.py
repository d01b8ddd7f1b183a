"""What `verify` says and looks up of single wallets."""

from collections.abc import Iterator, Mapping

from wallet_server.core.accounts import COUPON_PREFIX, HOLD_PREFIX
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.ids import WalletRef, locate
from wallet_server.storage.verification import RecordedWallet


def name(ref: WalletRef) -> str:
    """Returns what a wallet is called in reports."""
    return f"{ref.tenant_id}/{ref.player_id}/{ref.currency_code}"


def assets_of(ref: WalletRef, assets: Mapping[str, Mapping[str, str | None]]) -> dict[str, str]:
    """Returns the asset of all buckets that the wallet may ever have had, of coupons and holds."""
    known = {code: asset or ref.currency_code for code, asset in assets[ref.tenant_id].items()}
    return {**known, COUPON_PREFIX: ref.currency_code, HOLD_PREFIX: ref.currency_code}


def find_place_problems(found: RecordedWallet) -> Iterator[Finding]:
    """Yields if the wallet's key is not the one its name leads to, and what its player's row is."""
    expected = locate(found.wallet.ref)
    if found.location != expected:
        message = f"it is at {found.location.shard}/{found.location.wallet_id}"
        yield Finding(Check.WALLET_MISPLACED, "", message)
    yield from found.player_findings
