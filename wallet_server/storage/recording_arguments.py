"""What a batch decided, as the rows that the record statement takes, in JSON."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from wallet_server.core.accounts import DEBT_PREFIX
from wallet_server.core.answer import PostedEntry
from wallet_server.core.batch import Fold, Recorded
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import WalletRef
from wallet_server.core.items import Item
from wallet_server.core.players.player import ORDINARY_PLAYER
from wallet_server.core.results import result_to_plain
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet
from wallet_server.storage.commits import commit_document, commit_key
from wallet_server.storage.details import details_of
from wallet_server.storage.documents import (
    answered_bet_to_json,
    refusal_to_json,
    results_to_json,
)
from wallet_server.storage.items import kind_of, state_of, state_of_win
from wallet_server.storage.json_text import to_json
from wallet_server.storage.keys import key_of
from wallet_server.storage.loading import Loaded
from wallet_server.storage.outbox import outbox_documents, outbox_headers, outbox_time
from wallet_server.storage.particulars import particulars_to_json
from wallet_server.storage.players import player_columns
from wallet_server.storage.sql import number_array, text_array, whole_array
from wallet_server.storage.terms import TermsKey, WrittenTerms, terms_of

Row: TypeAlias = tuple[object, ...]

ARRAYS_CACHED_MAX = 4_096


def record_arguments(fold: Fold, loaded: Loaded) -> dict[str, str | list[str]]:
    """Returns the rows of the statement that records a batch, by the names in it."""
    refs = sorted({recorded.task.wallet for recorded in fold.recorded}, key=key_of)
    claims = [ref for ref in refs if ref in loaded.wallets]
    opened = [ref for ref in refs if ref not in loaded.wallets]
    placed, changed = _split_bets(fold, loaded)
    terms = [terms_of(bet) for _, bet in placed]
    rows: dict[str, Iterable[Row]] = {
        "claims": [
            _claim_row(loaded.wallets[ref], fold.wallets[ref], loaded.wallet_places[ref])
            for ref in claims
        ],
        "opened": [_open_row(fold.wallets[ref]) for ref in opened],
        "new_players": _new_player_rows(fold, opened, loaded),
        "changed_players": _changed_player_rows(fold, refs, loaded),
        "known_players": _known_player_rows(opened, loaded),
        "terms": {
            (ref.tenant_id, each.terms_id)
            for (ref, _), each in zip(placed, terms, strict=True)
            if each is not None
        },
        "epochs": [(t, loaded.epochs[t]) for t in {ref.tenant_id for ref in refs}],
        "commands": [_command_row(each) for each in fold.recorded],
        "placed": [
            *[_placed_row(ref, bet, each) for (ref, bet), each in zip(placed, terms, strict=True)],
            *[_win_row(ref, each) for (ref, _), each in fold.wins.items()],
        ],
        "changed": [
            _changed_row(ref, bet, loaded.bet_places[ref, bet.key]) for ref, bet in changed
        ],
        "items": [_item_row(ref, each) for (ref, _), each in fold.items.items()],
    }
    key = commit_key(fold, refs[0])
    return {
        **{name: to_json(each) for name, each in rows.items()},
        "commit_key": to_json(key),
        "commit": commit_document(fold, loaded, refs),
        "outbox_key": to_json((*key, outbox_time(fold, loaded))),
        "outbox_headers": outbox_headers(fold),
        "outbox_documents": outbox_documents(fold),
    }


def terms_to_record(fold: Fold, loaded: Loaded) -> dict[TermsKey, WrittenTerms]:
    """Returns the terms of the bets that are placed, which must be there before them."""
    placed, _ = _split_bets(fold, loaded)
    return {
        (ref.tenant_id, terms.terms_id): terms
        for ref, bet in placed
        if (terms := terms_of(bet)) is not None
    }


def _split_bets(
    fold: Fold, loaded: Loaded
) -> tuple[list[tuple[WalletRef, Bet]], list[tuple[WalletRef, Bet]]]:
    """Returns the bets that are new, or tried anew, and those of which only results are new."""
    placed: list[tuple[WalletRef, Bet]] = []
    changed: list[tuple[WalletRef, Bet]] = []
    for (ref, key), bet in fold.bets.items():
        wallet = loaded.wallets.get(ref)
        known = wallet.bets.get(key) if wallet else None
        same = known is not None and known.sequence == bet.sequence
        (changed if same else placed).append((ref, bet))
    return placed, changed


def _new_player_rows(fold: Fold, opened: Sequence[WalletRef], loaded: Loaded) -> list[Row]:
    """Returns the players who are not on record yet, each once."""
    new = {
        player: (
            *(key_of(ref)[0], *player, fold.wallets[ref].create_time),
            *player_columns(fold.changed_players.get(player, ORDINARY_PLAYER)),
        )
        for ref in opened
        if (player := (ref.tenant_id, ref.player_id)) not in loaded.players
    }
    return list(new.values())


def _changed_player_rows(fold: Fold, refs: Sequence[WalletRef], loaded: Loaded) -> list[Row]:
    """Returns the players on record whom the batch has changed, with their revisions before."""
    if not fold.changed_players:
        return []
    shards = {(ref.tenant_id, ref.player_id): key_of(ref)[0] for ref in refs}
    return [
        (shards[player], *player, loaded.players[player].revision, *player_columns(changed))
        for player, changed in sorted(fold.changed_players.items())
        if player in loaded.players
    ]


def _known_player_rows(opened: Sequence[WalletRef], loaded: Loaded) -> set[Row]:
    """Returns what the players of new wallets were loaded as; claims check the others."""
    return {
        (key_of(ref)[0], *player, loaded.players[player].revision)
        for ref in opened
        if (player := (ref.tenant_id, ref.player_id)) in loaded.players
    }


def _holdings(wallet: Wallet) -> tuple[str, str, str, str]:
    """Returns accounts and balances, then debt's assets and amounts; zeros left out."""
    held: dict[str, int] = {}
    owed: dict[str, int] = {}
    for account, balance in wallet.balances.items():
        if balance > 0:
            held[account] = balance
        elif balance:
            owed[account.removeprefix(DEBT_PREFIX)] = balance
    if not owed:
        return account_array(tuple(held)), whole_array(held.values()), "{}", "{}"
    return (
        account_array(tuple(held)),
        whole_array(held.values()),
        text_array(owed),
        whole_array(owed.values()),
    )


@lru_cache(ARRAYS_CACHED_MAX)
def account_array(accounts: tuple[str, ...]) -> str:
    """Returns accounts as an array: most wallets hold money in the same few, and so do entries."""
    return text_array(accounts)


def _claim_row(before: Wallet, after: Wallet, place: str) -> Row:
    return (
        *key_of(after.ref),
        before.sequence,
        before.player.revision,
        after.sequence,
        after.update_time,
        *_holdings(after),
        place,
        after.ref.tenant_id,
        after.ref.player_id,
        _live_count(after),
        after.event_sequence,
    )


def _live_count(wallet: Wallet) -> int:
    """Returns how many live items a wallet has: all of them are loaded with it."""
    return sum([item.is_live for item in wallet.items.values()]) if wallet.items else 0


def _open_row(wallet: Wallet) -> Row:
    return (
        *key_of(wallet.ref),
        wallet.ref.tenant_id,
        wallet.ref.player_id,
        wallet.ref.currency_code,
        wallet.sequence,
        wallet.create_time,
        wallet.update_time,
        *_holdings(wallet),
        _live_count(wallet),
        wallet.event_sequence,
    )


def _command_row(recorded: Recorded) -> Row:
    task, answer = recorded.task, recorded.answer
    bet = answer.bet
    return (
        *key_of(task.wallet),
        answer.request_id,
        answer.sequence,
        answer.command,
        answer.answer_time,
        task.correlation_id,
        answer.fingerprint,
        answer.outcome,
        answer.refusal and refusal_to_json(answer.refusal),
        bet and bet.key.provider_id,
        bet and bet.key.bet_ref,
        bet and answered_bet_to_json(bet),
        details_of(task.command, task.sender),
        [_entry_row(entry) for entry in answer.entries],
        answer.result and to_json(result_to_plain(answer.result)),
    )


def _entry_row(entry: PostedEntry) -> Row:
    """Returns what an entry says that its answer does not."""
    return (
        entry.ordinal,
        entry.asset_code,
        account_array(tuple([change.account for change in entry.changes])),
        whole_array([change.change for change in entry.changes]),
        number_array([change.balance_after for change in entry.changes]),
        entry.provider_id or None,
        entry.bet_ref or None,
    )


def _placed_row(ref: WalletRef, bet: Bet, terms: WrittenTerms | None) -> Row:
    return (
        *key_of(ref),
        bet.key.provider_id,
        bet.key.bet_ref,
        bet.state,
        bet.sequence,
        bet.revision,
        bet.stake,
        bet.create_time,
        bet.round_ref or None,
        bet.selected_source or None,
        terms and terms.terms_id,
        terms and whole_array([line.amount for line in bet.lines if line.coupon is None]),
        results_to_json(bet),
        bet.refusal and refusal_to_json(bet.refusal),
        None,
        particulars_to_json(bet),
    )


def _win_row(ref: WalletRef, win: Win | CashOutRef) -> Row:
    return (
        *key_of(ref),
        win.key.provider_id,
        win.key.bet_ref,
        state_of_win(win),
        win.sequence,
        win.revision,
        win.amount if isinstance(win, Win) else 0,
        win.create_time,
        (win.round_ref if isinstance(win, Win) else "") or None,
        *(None, None, None, None, None),
        kind_of(win),
        to_json(win),
    )


def _item_row(ref: WalletRef, item: Item) -> Row:
    return (
        *key_of(ref),
        *item.key,
        state_of(item),
        item.is_live,
        item.sequence,
        item.revision,
        item.create_time,
        item.due_time,
        to_json(item),
    )


def _changed_row(ref: WalletRef, bet: Bet, place: str) -> Row:
    return (
        *key_of(ref),
        bet.key.provider_id,
        bet.key.bet_ref,
        bet.state,
        bet.revision,
        results_to_json(bet),
        place,
    )
