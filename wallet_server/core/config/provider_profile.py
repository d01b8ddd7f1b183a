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


@value
class ProviderProfile:
    """What type of provider it is, and how it means what it sends."""

    provider_id: str
    provider_type: str
    payout_basis: PayoutBasis = PayoutBasis.GROSS
    rollback_after_settle: bool = False
    correction_shortfall: CorrectionShortfall = CorrectionShortfall.DEBT
    declined_retry: DeclinedRetry = DeclinedRetry.REPLAY
