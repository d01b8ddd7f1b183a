"""Bets made by hand, for tests that need no wallet."""

from tests.core.world import START, eur
from wallet_server.core.bets.bet import Bet, BetState, FundingLine, Portion, Snapshot
from wallet_server.core.commands import SettleBet
from wallet_server.core.config.policy import Destinations
from wallet_server.core.config.provider_profile import CorrectionShortfall, PayoutBasis
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.core.ids import BetKey

KEY = BetKey("sports", "b1")


def line(
    source: str, amount: int, stake: str | None = "=", profit: str = "=", cap: int | None = None
) -> FundingLine:
    """Returns a funding line; `=` returns to the source."""
    returned = source if stake == "=" else stake
    return FundingLine(
        source, amount, Destinations(returned, source if profit == "=" else profit, cap)
    )


def snapshot(basis: PayoutBasis = PayoutBasis.GROSS, provider_type: str = "SPORTS") -> Snapshot:
    return Snapshot(
        topology_version=1,
        wallet_policy_version=1,
        policy_version=1,
        profile_version=1,
        provider_type=provider_type,
        payout_basis=basis,
        rollback_after_settle=True,
        correction_shortfall=CorrectionShortfall.DEBT,
        recovery_scope=RecoveryScope.ALL_CASH,
        recovery_order=("SN", "CN", "WD"),
    )


def placed(*lines: FundingLine, basis: PayoutBasis = PayoutBasis.GROSS) -> Bet:
    """Returns an open bet that the lines paid for."""
    return Bet(
        KEY,
        BetState.AUTHORIZED,
        sequence=2,
        create_time=START,
        stake=sum(each.amount for each in lines),
        lines=lines,
        snapshot=snapshot(basis),
    )


def portion(
    shares: tuple[int, ...], payout: int, refund: int = 0, *, ref: str = "", version: int = 1
) -> Portion:
    return Portion(ref, shares, version, payout, refund)


def result(payout: int, version: int = 1, ref: str = "") -> SettleBet:
    return SettleBet(KEY, version, eur(payout), portion_ref=ref)
