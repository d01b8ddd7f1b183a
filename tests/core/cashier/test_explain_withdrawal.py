"""What may be withdrawn, and what a request for it would make, without making one."""

from tests.core.cashier.withdrawal_world import FORFEITING, WithdrawalWorld, ruled
from tests.core.world import eur
from wallet_server.core.cashier.explain_withdrawal import (
    UNREQUESTED,
    WithdrawalExplanation,
    explain_all,
    explain_withdrawal,
)
from wallet_server.core.cashier.withdrawal import Forfeit, HoldLine
from wallet_server.core.commands import Amount, RequestWithdrawal
from wallet_server.core.config.wallet_policy import WithdrawalRules
from wallet_server.core.refusals import (
    BelowMinimum,
    BonusForfeitureRequired,
    CurrencyMismatch,
    InsufficientWithdrawable,
)


def ask(world: WithdrawalWorld, amount: Amount, *, agreed: bool = False) -> WithdrawalExplanation:
    request = RequestWithdrawal(UNREQUESTED, amount, agreed)
    configuration = world.fold.configurations["demo"]
    return explain_withdrawal(request, world.wallet, configuration, world.now)


def ask_for_all(world: WithdrawalWorld, *, agreed: bool = False) -> WithdrawalExplanation:
    configuration = world.fold.configurations["demo"]
    return explain_all(world.wallet, configuration, world.now, accept_forfeiture=agreed)


def test_a_request_that_would_be_accepted_is_told_with_its_lines() -> None:
    world = WithdrawalWorld("WD 150, SN 80")
    before = world.wallet

    told = ask(world, eur(200))

    assert told.withdrawal is not None
    assert told.withdrawal.lines == (HoldLine("WD", 150), HoldLine("SN", 50))
    assert (told.refusal, told.money.total) == (None, 230)
    assert told.sequence == before.sequence
    assert world.wallet == before


def test_a_request_for_all_is_for_what_may_be_withdrawn() -> None:
    told = ask_for_all(WithdrawalWorld("WD 150, SN 80, SB 9"))

    assert told.withdrawal is not None
    assert told.withdrawal.amount == 230


def test_where_nothing_may_be_withdrawn_nobody_asks_for_all_of_it() -> None:
    told = ask_for_all(WithdrawalWorld("SB 9"))

    assert (told.withdrawal, told.refusal, told.money.total) == (None, None, 0)


def test_a_request_that_would_be_refused_is_told_with_the_reason() -> None:
    world = WithdrawalWorld("WD 150", ruled(WithdrawalRules(minimum=10)))

    assert ask(world, eur(151)).refusal == InsufficientWithdrawable(151, 150)
    assert ask(world, eur(9)).refusal == BelowMinimum(9, 10)
    assert ask(world, Amount("USD", 20)).refusal == CurrencyMismatch("amount", "EUR", "USD")


def test_what_would_be_given_up_is_told_once_the_player_agrees() -> None:
    world = WithdrawalWorld("SN 100, SB 25", ruled(FORFEITING))

    not_agreed, agreed = ask_for_all(world), ask_for_all(world, agreed=True)

    assert not_agreed.refusal == BonusForfeitureRequired("SB=25", 25)
    assert agreed.withdrawal is not None
    assert agreed.withdrawal.forfeits == (Forfeit("SB", 25),)
