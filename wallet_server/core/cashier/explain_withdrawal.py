"""Explains what may be withdrawn: the same functions that hold it, without holding it."""

from datetime import datetime

from wallet_server.core.cashier.request_withdrawal import decide_request_withdrawal
from wallet_server.core.cashier.withdrawable import WithdrawableMoney, withdrawable
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.commands import Amount, RequestWithdrawal
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Change, Decline
from wallet_server.core.refusals import Refusal
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet

UNREQUESTED = ""
"""The id of a withdrawal that is only asked about: none that a caller can send."""


@value
class WithdrawalExplanation:
    """What may be withdrawn, and what a request for it would make, or why it would be refused.

    Neither is there where nothing may be withdrawn and no amount was asked for.
    """

    sequence: int
    money: WithdrawableMoney
    withdrawal: Withdrawal | None = None
    refusal: Refusal | None = None


def explain_withdrawal(
    request: RequestWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> WithdrawalExplanation:
    """Returns what would become of a request. Its id must be `UNREQUESTED`."""
    assert request.withdrawal_id == UNREQUESTED
    money = withdrawable(wallet, configuration, now)
    decision = decide_request_withdrawal(request, wallet, configuration, now)
    if isinstance(decision, Change):
        assert decision.effects is not None
        [made] = [each for each in decision.effects.items if isinstance(each, Withdrawal)]
        return WithdrawalExplanation(wallet.sequence, money, made)
    refusal = decision.refusal if isinstance(decision, Decline) else decision
    assert isinstance(refusal, Refusal)
    return WithdrawalExplanation(wallet.sequence, money, refusal=refusal)


def explain_all(
    wallet: Wallet, configuration: Configuration, now: datetime, *, accept_forfeiture: bool
) -> WithdrawalExplanation:
    """Returns what would become of a request for all that may be withdrawn."""
    money = withdrawable(wallet, configuration, now)
    if not money.total:
        return WithdrawalExplanation(wallet.sequence, money)
    everything = Amount(wallet.ref.currency_code, money.total)
    request = RequestWithdrawal(UNREQUESTED, everything, accept_forfeiture)
    return explain_withdrawal(request, wallet, configuration, now)
