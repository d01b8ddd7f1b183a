"""The names of accounts, which are stored for ever."""

import pytest

from wallet_server.core import accounts


def test_accounts_are_named_as_in_the_chart_of_accounts() -> None:
    assert accounts.bucket("sports_bonus") == "bkt:sports_bonus"
    assert accounts.open_stake("sports_bonus") == "open:sports_bonus"
    assert accounts.debt("EUR") == "DEBT:EUR"
    assert accounts.hold("w1") == "hold:w1"
    assert accounts.game("SPORTS") == "H:GAME:SPORTS"
    assert (accounts.CASH, accounts.ADJUST) == ("H:CASH", "H:ADJUST")


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        (accounts.bucket("DEBT"), "bucket"),
        (accounts.open_stake("cash"), "open stake"),
        (accounts.debt("EUR"), "debt"),
        (accounts.hold("H:CASH"), "hold"),
        (accounts.CASH, "house"),
        (accounts.game("SPORTS"), "house"),
    ],
)
def test_an_account_is_of_one_kind(account: accounts.Account, kind: str) -> None:
    assert accounts.is_house(account) is (kind == "house")
    assert accounts.is_bucket(account) is (kind == "bucket")
    assert accounts.is_debt(account) is (kind == "debt")
    assert accounts.is_hold(account) is (kind == "hold")


def test_only_a_bucket_has_a_code() -> None:
    assert accounts.bucket_code(accounts.bucket("bkt:odd")) == "bkt:odd"
    with pytest.raises(AssertionError):
        accounts.bucket_code(accounts.CASH)
