"""Commands on money that comes in, goes out, or is put right by an operator."""

from wallet_server.core.cashier.deposit import ReversalKind
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.commands.amount import Amount
from wallet_server.core.value import value


@value
class OpenWallet:
    """Opens the wallet."""


@value
class CreateDeposit:
    """Announces money that is on its way to a bucket.

    `method` is how it is paid; the wallet policy may have it credited at once. `withdrawal_id`
    is the payout that came back, or was cancelled, and is paid in anew by this deposit.
    """

    deposit_id: str
    bucket: str
    amount: Amount
    method: str = ""
    withdrawal_id: str = ""


@value
class ApproveDeposit:
    """Credits money that has arrived, whether it was announced or not."""

    deposit_id: str
    bucket: str
    amount: Amount
    method: str = ""
    withdrawal_id: str = ""


@value
class DeclineDeposit:
    """Ends a deposit that does not arrive, or is sent back.

    `expired` is for the scheduler: it does nothing before the deposit's time has come.
    """

    deposit_id: str
    reason_code: str = ""
    expired: bool = False


@value
class ReverseDeposit:
    """Takes a deposit back, or a part of it. `amount` is none for all that is left of it.

    `reversal_id` names this reversal among those of the deposit.
    """

    deposit_id: str
    reversal_id: str
    amount: Amount | None = None
    kind: ReversalKind = ReversalKind.REVERSAL
    reason_code: str = ""


@value
class AdjustBalance:
    """Adds to a bucket, or takes away, by an operator's decision.

    One that is large must have an `adjustment_id`, and is carried out when a second person
    sends it too.
    """

    bucket: str
    amount: Amount
    reason_code: str
    comment: str = ""
    adjustment_id: str = ""
    actor: Actor = NOBODY


@value
class WriteOffDebt:
    """Forgives debt, or a part of it. A large one takes a second person, as an adjustment does."""

    adjustment_id: str
    amount: Amount
    reason_code: str
    comment: str = ""
    actor: Actor = NOBODY


@value
class RequestWithdrawal:
    """Holds money that is to be paid out.

    `accept_forfeiture` says that the player gives up the bonus that the wallet policy has
    end with a withdrawal.
    """

    withdrawal_id: str
    amount: Amount
    accept_forfeiture: bool = False
    actor: Actor = NOBODY


@value
class ApproveWithdrawal:
    """Approves a withdrawal, as one of the persons whom that takes.

    `automatic` is for the scheduler: it does nothing before the withdrawal's time has come, and
    then looks at the rules again.
    """

    withdrawal_id: str
    automatic: bool = False
    actor: Actor = NOBODY


@value
class RejectWithdrawal:
    """Refuses to pay a withdrawal; the money goes back."""

    withdrawal_id: str
    reason_code: str
    comment: str = ""
    actor: Actor = NOBODY


@value
class SubmitWithdrawal:
    """Says that a withdrawal was handed to the payment provider."""

    withdrawal_id: str
    payout_ref: str = ""


@value
class ConfirmWithdrawal:
    """Says that a withdrawal was paid: all of it, or the part that is named."""

    withdrawal_id: str
    paid: Amount | None = None


@value
class FailWithdrawal:
    """Says that the payment provider did not pay; the money goes back."""

    withdrawal_id: str
    reason_code: str = ""


@value
class CancelWithdrawal:
    """Lets the player take back a withdrawal that nobody has approved."""

    withdrawal_id: str


@value
class ReturnWithdrawal:
    """Says that the bank sent back what was paid; the money goes where it came from."""

    withdrawal_id: str
    reason_code: str = ""
