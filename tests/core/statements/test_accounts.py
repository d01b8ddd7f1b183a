"""Which accounts of statements those of entries are counted in."""

import pytest

from wallet_server.core.accounts import Account
from wallet_server.core.statements.accounts import provider_type_of, statement_account


@pytest.mark.parametrize(
    ("account", "counted_in"),
    [
        ("bkt:SPORTS_NORMAL", "bkt:SPORTS_NORMAL"),
        ("open:SPORTS_NORMAL", "open:SPORTS_NORMAL"),
        ("cpn:welcome-7", "cpn:*"),
        ("open:cpn:welcome-7", "open:cpn:*"),
        ("hold:w-1", "hold:*"),
        ("DEBT:EUR", "DEBT:EUR"),
        ("H:CASH", "H:CASH"),
        ("H:GAME:SPORTS", "H:GAME:SPORTS"),
        ("H:JACKPOT:mega", "H:JACKPOT:mega"),
        ("H:FX:PTS", "H:FX:PTS"),
    ],
)
def test_accounts_of_one_grant_or_withdrawal_are_counted_together(
    account: str, counted_in: str
) -> None:
    assert statement_account(Account(account)) == counted_in


@pytest.mark.parametrize(
    ("accounts", "of_bet", "provider_type"),
    [
        (("open:CASH", "H:GAME:SLOTS", "bkt:CASH"), "LIVE", "SLOTS"),
        (("bkt:CASH", "open:CASH"), "LIVE", "LIVE"),
        (("H:CASH", "bkt:CASH"), "", ""),
        (("H:PROMO", "bkt:CASH"), "", ""),
    ],
)
def test_an_entry_is_about_the_game_it_pays_or_else_about_its_bet(
    accounts: tuple[str, ...], of_bet: str, provider_type: str
) -> None:
    assert provider_type_of(map(Account, accounts), of_bet) == provider_type
