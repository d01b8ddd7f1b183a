"""The names of accounts, which are stored for ever."""

import pytest

from wallet_server.core import accounts


def test_accounts_are_named_as_in_the_chart_of_accounts() -> None:
    assert accounts.bucket("sports_bonus") == "bkt:sports_bonus"
    assert accounts.open_stake("sports_bonus") == "open:sports_bonus"
    assert accounts.debt("EUR") == "DEBT:EUR"
    assert accounts.game("SPORTS") == "H:GAME:SPORTS"
    assert (accounts.CASH, accounts.ADJUST) == ("H:CASH", "H:ADJUST")


@pytest.mark.parametrize(
    ("account", "house", "bucket", "debt"),
    [
        (accounts.bucket("DEBT"), False, True, False),
        (accounts.open_stake("cash"), False, False, False),
        (accounts.debt("EUR"), False, False, True),
        (accounts.CASH, True, False, False),
        (accounts.game("SPORTS"), True, False, False),
    ],
)
def test_an_account_is_of_one_kind(
    account: accounts.Account, house: bool, bucket: bool, debt: bool
) -> None:  # noqa: FBT001
    assert accounts.is_house(account) is house
    assert accounts.is_bucket(account) is bucket
    assert accounts.is_debt(account) is debt


def test_only_a_bucket_has_a_code() -> None:
    assert accounts.bucket_code(accounts.bucket("bkt:odd")) == "bkt:odd"
    with pytest.raises(AssertionError):
        accounts.bucket_code(accounts.CASH)
