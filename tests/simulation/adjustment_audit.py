"""Follows adjustments and write-offs: what they post, and that large ones take two persons."""

from dataclasses import dataclass, field

from tests.simulation.ledger import changes_of, nonzero
from tests.simulation.step import Step
from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.commands import AdjustBalance, ReplanAuthorization, WriteOffDebt

Content = tuple[str, str, int, str, str]


@dataclass
class AdjustmentBook:
    """What somebody has said first."""

    content: Content
    author: str
    is_made: bool = False


@dataclass
class AdjustmentAudit:
    """All adjustments of a wallet that have names."""

    adjustments: dict[str, AdjustmentBook] = field(default_factory=dict[str, AdjustmentBook])

    def take(self, step: Step) -> None:
        """Takes a recorded command in, and checks what it posted, and who said so."""
        changed = [new for _, new in step.changed(Adjustment)]
        if isinstance(step.command, ReplanAuthorization):
            self.take_plan(step.command, step)
            return
        if not isinstance(step.command, AdjustBalance | WriteOffDebt):
            assert not changed
            return
        command = step.command
        name = command.adjustment_id
        known = self.adjustments.get(name)
        if step.said == "APPROVAL_REQUIRED":
            assert is_large(command, step)
            assert known is None
            assert bool(changed) == bool(name)
            if name:
                self.adjustments[name] = AdjustmentBook(content_of(command), command.actor.name)
        elif step.applied:
            self.check_made(command, known, step)
            if name:
                book = known or AdjustmentBook(content_of(command), command.actor.name)
                book.is_made = True
                self.adjustments[name] = book
        else:
            assert not changed
        for item in changed:
            assert isinstance(item, Adjustment)
            self.check_item(item)

    def take_plan(self, command: ReplanAuthorization, step: Step) -> None:
        """It always takes two persons, posts nothing, and changes the plan of an open bet."""
        name, content = command.adjustment_id, content_of_plan(command, step)
        known = self.adjustments.get(name)
        if step.said == "APPROVAL_REQUIRED":
            assert known is None
            self.adjustments[name] = AdjustmentBook(content, command.actor.name)
        if not step.applied:
            assert not step.bets
            return
        assert known is not None
        assert not known.is_made
        assert known.content == content
        player_id = step.after.ref.player_id
        assert command.actor.name not in {"", known.author, player_id}
        assert command.actor.player_id != player_id
        known.is_made = True
        [(old, new)] = step.bets.values()
        assert old is not None
        assert old.state.value in {"AUTHORIZED", "PARTIALLY_SETTLED"}
        assert new.replanned[command.bucket] == command.successor
        assert command.bucket not in new.replanned.values()
        assert not step.answer.entries

    def check_made(
        self, command: AdjustBalance | WriteOffDebt, known: AdjustmentBook | None, step: Step
    ) -> None:
        amount = command.amount.minor_units
        account = f"DEBT:{command.amount.asset_code}"
        if isinstance(command, AdjustBalance):
            account = f"bkt:{command.bucket}"
        assert nonzero(changes_of(step.answer.entries)) == {account: amount, "H:ADJUST": -amount}
        if known is None:
            assert not is_large(command, step)
            return
        assert not known.is_made
        assert known.content == content_of(command)
        player_id = step.after.ref.player_id
        assert command.actor.name not in {"", known.author, player_id}
        assert command.actor.player_id != player_id
        assert known.author not in {"", player_id}

    def check_item(self, item: Adjustment) -> None:
        book = self.adjustments[item.adjustment_id]
        assert (item.state.value == "APPLIED") == book.is_made
        assert item.author == book.author
        content = (item.bucket, item.asset_code, item.amount, item.reason_code, item.kind.value)
        assert content == book.content


def content_of(command: AdjustBalance | WriteOffDebt) -> Content:
    """What both persons must say: where, how much, and why."""
    is_debt = isinstance(command, WriteOffDebt)
    return (
        "" if isinstance(command, WriteOffDebt) else command.bucket,
        command.amount.asset_code,
        command.amount.minor_units,
        command.reason_code,
        "DEBT" if is_debt else "BALANCE",
    )


def content_of_plan(command: ReplanAuthorization, step: Step) -> Content:
    """What both persons must say: of which bet, from where and to where, and why."""
    where = f"{command.bet} {command.bucket} {command.successor}"
    return (where, step.after.ref.currency_code, 0, command.reason_code, "PLAN")


def is_large(command: AdjustBalance | WriteOffDebt, step: Step) -> bool:
    four_eyes_from = step.configuration.wallet_policy.value.adjustments.four_eyes_from
    return four_eyes_from is not None and abs(command.amount.minor_units) >= four_eyes_from
