"""A wallet to tell stories of rounds of."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from tests.core.rules import SLOTS
from tests.core.world import REF, World, eur, maybe_eur, short
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import (
    NOBODY,
    Actor,
    AuthorizeBet,
    CashOutBet,
    CloseRound,
    CreditWin,
    PlayRound,
    ReleaseSuspense,
    RollbackRound,
    RoundBet,
    RoundWin,
)
from wallet_server.core.config.policy import Policy, WinDestination
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item, ItemKey, ItemKind
from wallet_server.core.results import WinResult
from wallet_server.core.rolling.requirement import Requirement, RollingTerms
from wallet_server.core.rounds.round import Round, round_key
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.rounds.win_kind import WinKind

FREE_ROUND_ROLLING = RollingTerms(multiplier_bp=50_000)
WITH_GIFTS = replace(
    SLOTS,
    win_destinations=(
        WinDestination(WinKind.FREE_ROUND, "CB", FREE_ROUND_ROLLING),
        WinDestination(WinKind.PROMO_WIN, "CB"),
        WinDestination(WinKind.JACKPOT, "CN"),
    ),
)
"""The policy of E30."""


def slots(**named: object) -> ProviderProfile:
    """Returns the profile of the casino provider, with some parts replaced."""
    return replace(ProviderProfile("slots", "SLOTS", rollback_after_settle=True), **named)


class RoundWorld(World):
    """A wallet with the commands of rounds. Their provider is `slots` unless said otherwise."""

    @property
    def posted(self) -> dict[str, int]:
        """What the last command posted in all, by short name."""
        changes = Counter[str]()
        for entry in self.answer.entries:
            changes.update({short(each.account): each.change for each in entry.changes})
        return {account: change for account, change in changes.items() if change}

    def wait(self, *, hours: float = 0, seconds: int = 0) -> None:
        """Lets time pass: each command takes a second, and so does each that never came."""
        self.requests += int(timedelta(hours=hours, seconds=seconds).total_seconds())

    def bet_in(
        self,
        stake: int,
        bet_ref: str,
        round_ref: str = "R1",
        *,
        provider: str = "slots",
        free: bool = False,
    ) -> str:
        key = BetKey(provider, bet_ref)
        return self.run(AuthorizeBet(key, eur(stake), round_ref, free_round=free))

    def win(
        self,
        amount: int,
        win_ref: str = "w1",
        round_ref: str = "R1",
        *,
        kind: WinKind = WinKind.ROUND,
        bet: str = "",
        pool: str = "",
        summary: bool = False,
        provider: str = "slots",
    ) -> str:
        key = BetKey(provider, win_ref)
        return self.run(CreditWin(key, eur(amount), kind, round_ref, bet, pool, summary))

    def close(self, round_ref: str = "R1", *, implicit: bool = False) -> str:
        return self.run(CloseRound("slots", round_ref, implicit))

    def play(
        self,
        bets: dict[str, int],
        wins: dict[str, int],
        round_ref: str = "R1",
        *,
        close: bool = True,
    ) -> str:
        return self.run(
            PlayRound(
                "slots",
                round_ref,
                tuple(RoundBet(ref, eur(stake)) for ref, stake in bets.items()),
                tuple(RoundWin(ref, eur(amount)) for ref, amount in wins.items()),
                close,
            )
        )

    def cancel(self, round_ref: str = "R1", *refs: str) -> str:
        return self.run(RollbackRound("slots", round_ref, refs))

    def release(self, win_ref: str = "w1", *, credit: bool = True, actor: Actor = NOBODY) -> str:
        return self.run(ReleaseSuspense(BetKey("slots", win_ref), credit, "LATE", actor=actor))

    def cash_out(
        self,
        payout: int,
        ref: str = "c1",
        bet_ref: str = "b1",
        *,
        stake: int | None = None,
        provider: str = "sports",
    ) -> str:
        bet, cash_out = BetKey(provider, bet_ref), BetKey(provider, ref)
        return self.run(CashOutBet(bet, cash_out, eur(payout), maybe_eur(stake)))

    def undo(self, ref: str, *, amount: int | None = None, provider: str = "slots") -> str:
        return self.roll_back(ref, amount=amount, provider=provider)

    def slot(self, bet_ref: str) -> Bet:
        return self.bet(bet_ref, "slots")

    def win_of(self, win_ref: str = "w1") -> Win:
        found = self.wallet.wins[BetKey("slots", win_ref)]
        assert isinstance(found, Win)
        return found

    def cash_out_of(self, ref: str = "c1") -> CashOutRef:
        found = self.wallet.wins[BetKey("sports", ref)]
        assert isinstance(found, CashOutRef)
        return found

    def round(self, round_ref: str = "R1") -> Round:
        found = self.wallet.items[round_key("slots", round_ref)]
        assert isinstance(found, Round)
        return found

    def requirement(self, requirement_id: str) -> Requirement:
        found = self.wallet.items[ItemKey(ItemKind.REQUIREMENT, requirement_id)]
        assert isinstance(found, Requirement)
        return found

    @property
    def result(self) -> WinResult:
        """What the last answer says of the win."""
        assert isinstance(self.answer.result, WinResult)
        return self.answer.result

    def put(self, *bets: Bet) -> None:
        """Puts bets into the wallet that no command has placed; their open stake is not there."""
        wallet = self.wallet
        self.fold.wallets[REF] = replace(
            wallet, bets={**wallet.bets, **{bet.key: bet for bet in bets}}
        )

    def put_item(self, item: Item) -> None:
        """Puts an item into the wallet, in the place of the one of its name."""
        wallet = self.wallet
        self.fold.wallets[REF] = replace(wallet, items={**wallet.items, item.key: item})


def with_policy(*changes: Policy | ProviderProfile, balances: str = "") -> RoundWorld:
    """Returns a world whose casino policy has destinations for wins that need no bet."""
    return RoundWorld(balances, WITH_GIFTS, *changes)
