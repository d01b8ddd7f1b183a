"""Where wallets live. These places are stored: they may never change."""

from uuid import UUID

import pytest

from wallet_server.core.ids import SHARD_COUNT, Location, WalletRef, locate


@pytest.mark.parametrize(
    ("wallet", "shard", "wallet_id"),
    [
        (WalletRef("demo", "ann", "EUR"), 306, "22a07694-2e34-4c2f-c0a5-91dfc8f4991b"),
        (WalletRef("demo", "ann", "USD"), 306, "812dd364-8e7d-f956-0e41-ace04944966a"),
        (WalletRef("demo-booking", "ann", "EUR"), 163, "b860d22a-9768-24ec-bc14-f2cc1def340a"),
        (WalletRef("demo", "Zoë", "JPY"), 998, "59266d32-d6bd-3000-7a91-bdc7928aec98"),
    ],
)
def test_a_wallet_stays_where_it_is(wallet: WalletRef, shard: int, wallet_id: str) -> None:
    assert locate(wallet) == Location(shard, UUID(wallet_id))


def test_all_wallets_of_a_player_share_a_shard() -> None:
    wallets = [locate(WalletRef("demo", "ann", code)) for code in ("EUR", "USD", "GBP", "JPY")]

    assert len({wallet.shard for wallet in wallets}) == 1
    assert len({wallet.wallet_id for wallet in wallets}) == 4


def test_wallets_of_other_names_live_elsewhere() -> None:
    refs = [
        WalletRef("ab", "c", "EUR"),
        WalletRef("a", "bc", "EUR"),
        WalletRef("a", "b", "cEUR"),
        *(WalletRef("demo", f"player-{n}", "EUR") for n in range(2000)),
    ]
    places = [locate(ref) for ref in refs]

    assert len({place.wallet_id for place in places}) == len(refs)
    assert len({place.shard for place in places}) > SHARD_COUNT * 3 // 4
    assert all(0 <= place.shard < SHARD_COUNT for place in places)
