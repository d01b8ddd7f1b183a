"""What a bet should have done to the books: worked out again, the plain way.

Nothing here is the core's but the names of accounts: shares are exact fractions, and a
bet is added up from nothing each time.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from wallet_server.core.bets.bet import Bet, FundingLine
from wallet_server.core.commands import SettleBet, UnsettleBet

UNDONE = frozenset({"ROLLED_BACK", "DECLINED", "TOMBSTONED"})


@dataclass(frozen=True)
class Piece:
    """A part of the stake with its result."""

    shares: list[int]
    version: int
    payout: int
    refund: int
    is_cash_out: bool = False


class LinePart(NamedTuple):
    """What a line has of a part of the stake: given back, played, and paid for that."""

    line: FundingLine
    refund: int
    played: int
    stake: int
    profit: int


@dataclass
class BetBook:
    """A bet as its commands and answers tell of it."""

    state: str
    stake: int = 0
    lines: tuple[FundingLine, ...] = ()
    net_payouts: bool = False
    house: str = ""
    rejects: bool = False
    substituted: bool = False
    is_final: bool = False
    in_round: bool = False
    pieces: dict[str, Piece] = field(default_factory=dict[str, Piece])
    taken_back: dict[str, int] = field(default_factory=dict[str, int])
    unverified: set[str] = field(default_factory=set[str])

    def open_shares(self) -> list[int]:
        """The stake that has no result, line by line; nothing once the bet is undone."""
        if self.state in UNDONE:
            return [0 for _ in self.lines]
        decided = [
            sum(piece.shares[i] for piece in self.pieces.values()) for i, _ in enumerate(self.lines)
        ]
        return [line.amount - part for line, part in zip(self.lines, decided, strict=True)]

    def in_play(self, line: int, *, cash_outs: bool) -> int:
        """The stake of a line that takes part in wins: what was not refunded or cashed out."""
        gone = 0
        for piece in self.pieces.values():
            back = split(piece.refund, piece.shares)[line]
            gone += piece.shares[line] if piece.is_cash_out and not cash_outs else back
        return self.lines[line].amount - gone

    def is_known(self, ref: str) -> bool:
        """Whether a part has, or had, a result."""
        return ref in self.pieces or ref in self.taken_back

    def version(self, ref: str) -> int:
        """The newest version known of a part."""
        return self.pieces[ref].version if ref in self.pieces else self.taken_back.get(ref, 0)

    def take_result(self, command: SettleBet) -> None:
        """Takes in the result that a command gives."""
        kind = command.result_kind
        self.settle(
            command.portion_ref,
            command.result_version,
            command.payout.minor_units,
            None if command.stake is None else command.stake.minor_units,
            None if command.refund is None else command.refund.minor_units,
            void=kind is not None and kind.value == "VOID",
        )
        self.take_ordering((command.portion_ref,), command)

    def settle(
        self,
        ref: str,
        version: int,
        payout: int,
        stake: int | None,
        refund: int | None,
        *,
        void: bool,
    ) -> None:
        """Takes a result in."""
        if ref in self.pieces:
            shares = self.pieces[ref].shares
        else:
            left = self.open_shares()
            shares = split(sum(left) if stake is None else stake, left)
        if refund is None:
            refund = sum(shares) if void else 0
        self.pieces[ref] = Piece(shares, version, payout, refund)
        self.taken_back.pop(ref, None)
        self.state = "PARTIALLY_SETTLED" if any(self.open_shares()) else "SETTLED"

    def take_ordering(self, refs: tuple[str, ...], command: SettleBet | UnsettleBet) -> None:
        """Takes in whose word it is that the newest versions of some parts are the newest."""
        self.unverified.difference_update(refs)
        if command.ordering is not None:
            self.unverified.update(refs)

    def is_said(self, command: SettleBet) -> bool:
        """Whether a result of the part says what a command does that names no kind."""
        piece = self.pieces.get(command.portion_ref)
        if piece is None or piece.version == 0:
            return False
        refund = 0 if command.refund is None else command.refund.minor_units
        stake = sum(piece.shares) if command.stake is None else command.stake.minor_units
        said = (command.payout.minor_units, refund, stake)
        return said == (piece.payout, piece.refund, sum(piece.shares))

    def unsettle(self, command: UnsettleBet) -> None:
        """Takes results back: all of them, if none is named."""
        refs = command.portion_refs or self.results()
        for ref in refs:
            self.pieces.pop(ref, None)
            self.taken_back[ref] = command.result_version
        self.take_ordering(refs, command)
        self.state = "PARTIALLY_SETTLED" if self.pieces else "AUTHORIZED"

    def results(self) -> tuple[str, ...]:
        """The parts that have a result, and were not paid before it."""
        return tuple(ref for ref, piece in self.pieces.items() if not piece.is_cash_out)

    def cash_out(self, ref: str, payout: int, stake: int | None) -> None:
        """Takes a part out that is paid before its result."""
        left = self.open_shares()
        shares = split(sum(left) if stake is None else stake, left)
        self.pieces[ref] = Piece(shares, 0, payout, 0, is_cash_out=True)
        self.state = "PARTIALLY_SETTLED" if any(self.open_shares()) else "SETTLED"

    def undo_cash_out(self, ref: str) -> None:
        """Puts a part back that was paid before its result."""
        del self.pieces[ref]
        self.state = "PARTIALLY_SETTLED" if self.pieces else "AUTHORIZED"

    def lose_rest(self, ref: str, version: int) -> None:
        """Plays what is left, for nothing."""
        self.pieces[ref] = Piece(self.open_shares(), version, 0, 0)
        self.state = "SETTLED"

    def position(self) -> Counter[str]:
        """What the bet should have done to every account by now."""
        total = Counter[str]()
        if self.state in UNDONE:
            return total
        for line, left in zip(self.lines, self.open_shares(), strict=True):
            total[account_of(line.source)] -= line.amount
            total[f"open:{line.source}"] += left
            if line.coupon is not None and self.pieces:
                total[account_of(line.source)] -= line.coupon.remainder
                total["H:PROMO"] += line.coupon.remainder
        profits = [0 for _ in self.lines]
        for piece in self.pieces.values():
            self.add_piece(piece, total, profits)
        return total

    def lost(self, own: frozenset[str]) -> int:
        """What sources of own money have lost: played, and not paid. Negative for a gain."""
        if self.state in UNDONE:
            return 0
        profits = [0 for _ in self.lines]
        return sum(
            part.played - part.stake - part.profit
            for piece in self.pieces.values()
            for part in self.parts(piece, profits)
            if part.line.source in own
        )

    def add_piece(self, piece: Piece, total: Counter[str], profits: list[int]) -> None:
        """Adds what one part does; `profits` is what each line has had before."""
        for part in self.parts(piece, profits):
            line, plan = part.line, part.line.destinations
            consumes = line.coupon is not None and line.coupon.void_behavior.value == "CONSUME"
            total["H:PROMO" if consumes else account_of(line.source)] += part.refund
            total[f"bkt:{plan.stake_target}"] += part.stake
            total[f"bkt:{plan.profit_target}"] += part.profit
            total[self.house] += part.played - part.stake - part.profit

    def parts(self, piece: Piece, profits: list[int]) -> Iterator[LinePart]:
        """Yields what each line has of one part, and adds up its profits."""
        refunds = split(piece.refund, piece.shares)
        played = [share - back for share, back in zip(piece.shares, refunds, strict=True)]
        for i, (line, paid) in enumerate(
            zip(self.lines, self.paid(piece.payout, played), strict=True)
        ):
            plan = line.destinations
            stake = 0 if plan.stake_target is None else min(paid, played[i])
            profit = paid - stake
            if plan.profit_cap is not None:
                profit = min(profit, max(0, plan.profit_cap - profits[i]))
            profits[i] += profit
            assert stake + profit <= paid
            yield LinePart(line, refunds[i], played[i], stake, profit)

    def paid(self, payout: int, played: list[int]) -> list[int]:
        """What each line is paid of a payout."""
        kept = [
            0 if line.destinations.stake_target else part
            for line, part in zip(self.lines, played, strict=True)
        ]
        if payout == 0:
            return kept if not any(kept) else [0 for _ in kept]
        whole = payout + sum(kept) if self.net_payouts else payout
        beyond = [
            max(0, share - part) for share, part in zip(split(whole, played), kept, strict=True)
        ]
        return split(payout, beyond) if self.net_payouts else beyond


def placed(bet: Bet) -> BetBook:
    """Returns the book of a bet that was answered as placed."""
    assert bet.snapshot is not None
    return BetBook(
        state="AUTHORIZED",
        stake=bet.stake,
        lines=bet.lines,
        net_payouts=bet.snapshot.payout_basis.value == "NET_OF_FREEBET",
        house=f"H:GAME:{bet.snapshot.provider_type}",
        rejects=bet.snapshot.correction_shortfall.value == "REJECT",
        in_round=bool(bet.round_ref),
    )


def account_of(source: str) -> str:
    """Returns the account that a source pays from: a coupon is called by it."""
    return source if source.startswith("cpn:") else f"bkt:{source}"


def split(total: int, weights: list[int]) -> list[int]:
    """Splits by largest remainder; of equals, the earlier gets the unit."""
    whole = sum(weights)
    if total == 0:
        return [0 for _ in weights]
    exact = [Fraction(total * weight, whole) for weight in weights]
    shares = [int(share) for share in exact]
    by_fraction = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_fraction[: total - sum(shares)]:
        shares[i] += 1
    return shares
