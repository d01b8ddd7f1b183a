"""Which accounts the entries of a command may name."""

import pytest

from tests.core.audit.records import entry, told
from wallet_server.core.accounts import Account
from wallet_server.core.audit.accounts_audit import (
    asset_of,
    find_account_problems,
    has_right_sign,
    player_asset,
)
from wallet_server.core.audit.difference import Check

ASSETS = {"SN": "EUR", "PT": "PTS", "cpn:": "EUR", "hold:": "EUR"}


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ("CreateDeposit", "H:CASH H:SUSPENSE H:PROMO"),
        ("ApproveDeposit", "H:CASH H:SUSPENSE H:PROMO"),
        ("DeclineDeposit", "H:CASH H:SUSPENSE H:PROMO"),
        ("ReverseDeposit", "H:CASH H:PROMO"),
        ("RequestWithdrawal", "H:PROMO"),
        ("RejectWithdrawal", "H:PROMO"),
        ("ConfirmWithdrawal", "H:CASH H:PROMO"),
        ("ReturnWithdrawal", "H:CASH H:PROMO"),
        ("AdjustBalance", "H:ADJUST"),
        ("WriteOffDebt", "H:ADJUST"),
        ("TransferFunds", "H:FX:EUR H:PROMO"),
        ("AuthorizeBet", "H:GAME:SPORTS H:PROMO"),
        ("SettleBet", "H:GAME:SPORTS H:PROMO"),
        ("UnsettleBet", "H:GAME:SPORTS H:PROMO"),
        ("CashOutBet", "H:GAME:SPORTS H:PROMO"),
        ("CreditWin", "H:GAME:SPORTS H:PROMO H:JACKPOT:MEGA H:SUSPENSE"),
        ("CloseRound", "H:GAME:SPORTS H:PROMO H:JACKPOT:MEGA H:SUSPENSE"),
        ("PlayRound", "H:GAME:SPORTS H:PROMO H:JACKPOT:MEGA H:SUSPENSE"),
        ("RollbackRound", "H:GAME:SPORTS H:PROMO H:JACKPOT:MEGA H:SUSPENSE"),
        ("RollbackTransaction", "H:GAME:SPORTS H:PROMO H:JACKPOT:MEGA H:SUSPENSE"),
        ("ReleaseSuspense", "H:GAME:SPORTS H:PROMO H:JACKPOT:MEGA H:SUSPENSE"),
        ("CreditPromotion", "H:PROMO"),
        ("GrantCoupon", "H:PROMO"),
        ("CompleteRolling", "H:PROMO"),
    ],
)
def test_the_accounts_of_the_house_that_a_command_may_name(command: str, allowed: str) -> None:
    house = [
        "H:CASH",
        "H:ADJUST",
        "H:PROMO",
        "H:SUSPENSE",
        "H:GAME:SPORTS",
        "H:JACKPOT:MEGA",
        "H:FX:EUR",
    ]

    named = [a for a in house if asset_of(Account(a), entry("", command), ASSETS) == "EUR"]

    assert sorted(named) == sorted(allowed.split())
    assert all(
        asset_of(Account(a), entry("", command), ASSETS) is None for a in house if a not in named
    )


@pytest.mark.parametrize(
    ("command", "may"),
    [
        ("RequestWithdrawal", True),
        ("FailWithdrawal", True),
        ("ApproveDeposit", True),
        ("ReturnWithdrawal", False),
        ("AuthorizeBet", False),
    ],
)
def test_only_commands_on_withdrawals_touch_what_these_hold(command: str, *, may: bool) -> None:
    found = asset_of(Account("hold:w1"), entry("", command), ASSETS)

    assert found == ("EUR" if may else None)


@pytest.mark.parametrize(
    ("account", "asset_code"),
    [
        ("bkt:SN", "EUR"),
        ("open:SN", "EUR"),
        ("bkt:PT", "PTS"),
        ("open:PT", "PTS"),
        ("cpn:C1", "EUR"),
        ("open:cpn:C1", "EUR"),
        ("hold:w1", "EUR"),
        ("bkt:XX", None),
        ("open:XX", None),
        ("SN", None),
    ],
)
def test_the_asset_of_an_account_of_the_player(account: str, asset_code: str | None) -> None:
    assert player_asset(Account(account), ASSETS) == asset_code


def test_coupons_have_no_asset_where_none_is_known() -> None:
    assert player_asset(Account("cpn:C1"), {"SN": "EUR"}) is None


def test_debt_is_in_the_asset_it_names() -> None:
    assert asset_of(Account("DEBT:PTS"), entry("", asset_code="EUR"), ASSETS) == "PTS"


def test_an_account_that_does_not_belong_in_an_entry_is_named() -> None:
    posted = entry("bkt:SN +5, bkt:PT +1, bkt:XX +2, H:CASH -8", number=4, ordinal=1)

    assert told([*find_account_problems(posted, ASSETS)]) == [
        (Check.ENTRY_ACCOUNT, "#4.1", "bkt:PT is in PTS, not in EUR"),
        (Check.ENTRY_ACCOUNT, "#4.1", "bkt:XX does not belong here"),
        (Check.ENTRY_ACCOUNT, "#4.1", "H:CASH does not belong here"),
    ]


@pytest.mark.parametrize(
    ("account", "balance", "is_right"),
    [
        ("bkt:SN", 1, True),
        ("bkt:SN", 0, True),
        ("bkt:SN", -1, False),
        ("DEBT:EUR", -1, True),
        ("DEBT:EUR", 0, True),
        ("DEBT:EUR", 1, False),
    ],
)
def test_debt_is_never_positive_and_all_else_never_negative(
    account: str, balance: int, *, is_right: bool
) -> None:
    assert has_right_sign(Account(account), balance) is is_right
