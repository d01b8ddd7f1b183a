"""`verify`: derives everything again from the journal and compares it with what is stored.

Wallets are read a chunk at a time, in one snapshot each, and their rows as
streams: memory stays the same however much there is, commands go on meanwhile,
and no snapshot is held for long. What must hold is said in `core/audit/`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from wallet_server.core.accounts import Account
from wallet_server.core.audit.bet_audit import BetAudit
from wallet_server.core.audit.command_audit import find_decline_problems
from wallet_server.core.audit.difference import Check, Difference, Finding
from wallet_server.core.audit.event_audit import EventAudit
from wallet_server.core.audit.item_audit import ItemAudit
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.audit.journal_audit import JournalAudit
from wallet_server.core.audit.references_audit import ReferencesAudit
from wallet_server.core.audit.round_audit import find_round_problems
from wallet_server.core.audit.win_audit import WinAudit
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey, Location, WalletRef, locate
from wallet_server.core.items import Item, ItemKind
from wallet_server.core.rounds.round import Round
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.execution.administration_verification import find_administration_problems
from wallet_server.execution.chapter_verification import find_chapter_differences
from wallet_server.execution.event_verification import find_event_problems
from wallet_server.execution.statement_verification import find_statement_problems
from wallet_server.execution.verified_wallets import assets_of, find_place_problems, name
from wallet_server.storage import verification as storage
from wallet_server.storage import verification_rows as rows
from wallet_server.storage import verification_statements as statements
from wallet_server.storage.verification import Connection, RecordedWallet, RowStream, in_step

JOURNAL = (
    statements.ANSWERS,
    statements.ENTRIES,
    statements.DECLINED_BETS,
    statements.EVENTS,
)

BET_STEP = ("provider_id", "bet_ref", "sequence")

CHUNK_WALLETS = 100
BEFORE_ALL = Location(-1, UUID(int=0))

Report: TypeAlias = Callable[[Difference], None]


@dataclass(frozen=True, slots=True)
class VerificationScope:
    """What is verified: all there is, a tenant, or some wallets."""

    tenant_id: str | None = None
    wallets: tuple[WalletRef, ...] = ()


@dataclass(slots=True)
class VerificationSummary:
    """How much was verified, how much of it differs, and where the house stands.

    `house` has the sums of the house's accounts by tenant, account and asset.
    """

    wallet_count: int = 0
    answer_count: int = 0
    entry_count: int = 0
    bet_count: int = 0
    difference_count: int = 0
    house: dict[tuple[str, Account, str], int] = field(
        default_factory=dict[tuple[str, Account, str], int]
    )


async def verify(
    database_url: str, scope: VerificationScope, report: Report
) -> VerificationSummary:
    """Verifies what is in scope, and reports every difference as it is found."""
    async with storage.connect(database_url) as connection:
        await storage.read_all_times(connection)
        verification = Verification(connection, report)
        await verification.run(scope)
        return verification.summary


class Verification:
    """One run over a database."""

    def __init__(self, connection: Connection, report: Report) -> None:
        self.summary = VerificationSummary()
        self._connection = connection
        self._report = report
        self._seen: set[WalletRef] = set()

    async def run(self, scope: VerificationScope) -> None:
        """Verifies chunk after chunk."""
        after: Location | None = BEFORE_ALL
        while after is not None:
            async with storage.snapshot(self._connection, statements.CHUNK_PLANS):
                after = await self._verify_chunk(scope, after)
        if scope == VerificationScope():
            async with storage.snapshot(self._connection):
                await self._verify_no_orphans()
        if not scope.wallets:
            async with storage.snapshot(self._connection):
                await self._verify_administration(scope.tenant_id)
            for derived in (find_statement_problems, find_chapter_differences):
                async for difference in derived(self._connection, scope.tenant_id):
                    self._take_difference(difference)
        for ref in scope.wallets:
            if ref not in self._seen:
                message = "there is no such wallet"
                self._take(name(ref), [Finding(Check.WALLET_MISSING, "", message)])

    async def _verify_chunk(self, scope: VerificationScope, after: Location) -> Location | None:
        """Verifies the next wallets. Returns the last of them, or nothing at the end."""
        chunk = await storage.load_wallets(
            self._connection,
            after=after,
            tenant_id=scope.tenant_id,
            wallet_ids=[locate(ref).wallet_id for ref in scope.wallets] or None,
            limit=CHUNK_WALLETS,
        )
        if not chunk:
            return None
        if scope.wallets:
            self._seen.update(each.wallet.ref for each in chunk)
        tenant_ids = sorted({each.wallet.ref.tenant_id for each in chunk})
        assets = await storage.load_assets(self._connection, tenant_ids)
        kept_from = await storage.load_first_positions(self._connection, tenant_ids)
        journals = await self._follow_journals(chunk, assets, kept_from)
        await self._follow_bets(chunk, journals)
        self.summary.wallet_count += len(chunk)
        return chunk[-1].location if len(chunk) == CHUNK_WALLETS else None

    async def _follow_journals(
        self,
        chunk: Sequence[RecordedWallet],
        assets: Mapping[str, Mapping[str, str | None]],
        kept_from: Mapping[str, int],
    ) -> list[ItemJournal]:
        """Follows each wallet from its first answer to its last. Returns what of its items."""
        locations = [each.location for each in chunk]
        streams = [
            await RowStream.open(self._connection, statement, locations, "sequence")
            for statement in JOURNAL
        ]
        journals = [ItemJournal() for _ in chunk]
        for each, journal in zip(chunk, journals, strict=True):
            audit = JournalAudit(each.wallet, assets_of(each.wallet.ref, assets))
            events = EventAudit(each.wallet, kept_from.get(each.wallet.ref.tenant_id, 1))
            self._take(name(each.wallet.ref), find_place_problems(each))
            prefix = (each.location.shard, each.location.wallet_id)
            async for key in in_step(streams, prefix, len(prefix) + 1):
                await self._follow_command(audit, journal, events, streams, key)
            self._take(name(each.wallet.ref), audit.finish())
            self._take(name(each.wallet.ref), events.finish())
            for (asset_code, account), change in audit.house.items():
                house = (each.wallet.ref.tenant_id, account, asset_code)
                self.summary.house[house] = self.summary.house.get(house, 0) + change
        return journals

    async def _follow_command(
        self,
        audit: JournalAudit,
        journal: ItemJournal,
        events: EventAudit,
        streams: Sequence[RowStream],
        key: storage.Key,
    ) -> None:
        """Takes in what is recorded under one number of a wallet."""
        answer_rows, entry_rows, bet_rows, event_rows = [await s.take(key) for s in streams]
        answers, problems = rows.read_answers(answer_rows)
        self.summary.answer_count += len(answer_rows)
        self.summary.entry_count += len(entry_rows)
        wallet = name(audit.wallet.ref)
        self._take(wallet, problems)
        entries = [rows.read_entry(row) for row in entry_rows]
        declined = rows.read_declined(bet_rows)
        self._take(wallet, audit.follow(key[-1], answers, entries))
        self._take(wallet, journal.follow(answers, entries))
        self._take(wallet, find_decline_problems(key[-1], answers, declined))
        told = [rows.read_event(row) for row in event_rows]
        self._take(wallet, events.follow(key[-1], answers, entries, told))

    async def _follow_bets(
        self, chunk: Sequence[RecordedWallet], journals: Sequence[ItemJournal]
    ) -> None:
        """Follows each bet, win and cash-out of each wallet, and then looks at its items."""
        locations = [each.location for each in chunk]
        bet = BET_STEP[:-1]
        streams = [
            await RowStream.open(self._connection, statements.BETS, locations, *bet),
            await RowStream.open(self._connection, statements.BET_ANSWERS, locations, *BET_STEP),
            await RowStream.open(self._connection, statements.BET_ENTRIES, locations, *BET_STEP),
        ]
        items = [
            await RowStream.open(self._connection, statement, locations, "kind", "item_id")
            for statement in (statements.ITEMS, statements.ROUND_MEMBERS)
        ]
        for each, journal in zip(chunk, journals, strict=True):
            wallet = name(each.wallet.ref)
            found = ReferencesAudit(ItemAudit.of(each.wallet, journal))
            prefix = (each.location.shard, each.location.wallet_id)
            async for key in in_step(streams, prefix, len(prefix) + len(bet)):
                stored, findings = rows.read_bets(await streams[0].take(key))
                self._take(wallet, findings)
                await self._follow_reference(wallet, found, stored, streams[1:], key)
            self._take(wallet, found.finish(each.wallet))
            await self._check_items(each, found.items, items)

    async def _check_items(
        self, each: RecordedWallet, audit: ItemAudit, streams: Sequence[RowStream]
    ) -> None:
        """Checks the items of a wallet, after all that tells of them."""
        wallet = name(each.wallet.ref)
        prefix = (each.location.shard, each.location.wallet_id)
        async for key in in_step(streams, prefix, len(prefix) + 2):
            item_rows, member_rows = [await stream.take(key) for stream in streams]
            kind, item_id = key[len(prefix) :]
            item: Item | None = None
            for row in item_rows:
                item, findings = rows.read_item_row(row)
                self._take(wallet, findings)
                self._take(wallet, audit.check(item) if item else ())
            if kind == ItemKind.ROUND:
                found = item if isinstance(item, Round) else None
                members = [rows.read_member(row) for row in member_rows]
                self._take(wallet, find_round_problems(item_id, found, members))
        self._take(wallet, audit.finish(each.live_items))

    async def _follow_reference(
        self,
        wallet: str,
        found: ReferencesAudit,
        stored: Bet | Win | CashOutRef | None,
        history: Sequence[RowStream],
        key: storage.Key,
    ) -> None:
        """Follows whatever has a reference to what is stored of it."""
        reference = BetKey(*key[2:])
        if isinstance(stored, Win | CashOutRef):
            found.take_win(stored)
            audit = WinAudit(reference, stored)
            async for step in in_step(history, key, len(key) + 1):
                _, entry_rows = [await stream.take(step) for stream in history]
                audit.follow([rows.read_entry(row) for row in entry_rows])
            self._take(wallet, audit.finish())
            return
        self.summary.bet_count += stored is not None
        bet_audit = BetAudit(reference, stored)
        try:
            if stored is not None:
                found.take_bet(stored)
            await self._follow_bet(wallet, bet_audit, history, key)
        except rows.UNREADABLE as error:  # A value of another type than it must have.
            message = f"it cannot be checked: {type(error).__name__}: {error}"
            self._take(wallet, [Finding(Check.BET_UNREADABLE, bet_audit.subject, message)])

    async def _follow_bet(
        self, wallet: str, audit: BetAudit, history: Sequence[RowStream], key: storage.Key
    ) -> None:
        """Follows one bet through its answers and entries to what is stored of it."""
        async for step in in_step(history, key, len(key) + 1):
            answer_rows, entry_rows = [await stream.take(step) for stream in history]
            answers, _ = rows.read_answers(answer_rows)  # The others are reported already.
            entries = [rows.read_entry(row) for row in entry_rows]
            self._take(wallet, audit.follow(answers, entries))
        self._take(wallet, audit.finish())

    async def _verify_administration(self, tenant_id: str | None) -> None:
        """Verifies what was counted of all wallets together, audit records, and positions."""
        for find_problems in (find_administration_problems, find_event_problems):
            async for difference in find_problems(self._connection, tenant_id):
                self._take_difference(difference)

    async def _verify_no_orphans(self) -> None:
        """Every row belongs to a wallet."""
        async for table, location in storage.load_orphans(self._connection):
            key = f"{location.shard}/{location.wallet_id}"
            message = f"{table} has rows of a wallet that is not there"
            self._take(key, [Finding(Check.WALLET_MISSING, table, message)])

    def _take(self, wallet: str, findings: Iterable[Finding]) -> None:
        """Counts and reports findings about a wallet."""
        for finding in findings:
            self._take_difference(finding.at(wallet))

    def _take_difference(self, difference: Difference) -> None:
        """Counts and reports a difference."""
        self.summary.difference_count += 1
        self._report(difference)
