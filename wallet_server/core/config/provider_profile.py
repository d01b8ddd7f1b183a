"""How one provider behaves."""

from enum import StrEnum

from wallet_server.core.value import value


class PayoutBasis(StrEnum):
    """What a provider's payouts mean.

    GROSS: the whole win. NET_OF_FREEBET: what the player gets, after stake that is
    not returned.
    """

    GROSS = "GROSS"
    NET_OF_FREEBET = "NET_OF_FREEBET"


class CorrectionShortfall(StrEnum):
    """What happens when a correction finds the money gone."""

    DEBT = "DEBT"
    REJECT = "REJECT"


class DeclinedRetry(StrEnum):
    """What a bet that was declined once gets when it is sent again."""

    REPLAY = "REPLAY"
    NEW_ATTEMPT = "NEW_ATTEMPT"


WIN_WINDOW_SECONDS = 72 * 3600


@value
class ProviderProfile:
    """What type of provider it is, and how it means what it sends.

    A closed round takes wins for `win_window_seconds` more; later ones wait in suspense.
    A round without a close closes by itself `implicit_close_seconds` after it began; none for
    never. `reopens_rounds`: a bet opens a closed round again. `free_round_summary_moves_money`:
    its FREE_ROUND wins are payments, and not the summary of payments made before.
    """

    provider_id: str
    provider_type: str
    payout_basis: PayoutBasis = PayoutBasis.GROSS
    rollback_after_settle: bool = False
    correction_shortfall: CorrectionShortfall = CorrectionShortfall.DEBT
    declined_retry: DeclinedRetry = DeclinedRetry.REPLAY
    win_window_seconds: int = WIN_WINDOW_SECONDS
    implicit_close_seconds: int | None = None
    reopens_rounds: bool = False
    free_round_summary_moves_money: bool = False
