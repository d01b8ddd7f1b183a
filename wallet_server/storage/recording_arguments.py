"""What a batch decided, as the columns that the record statement takes."""

from collections.abc import Mapping, Sequence

from wallet_server.core.accounts import DEBT_PREFIX, is_debt
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.batch import Fold, Recorded
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.commands import AdjustBalance, Command
from wallet_server.core.ids import Location, WalletRef, locate
from wallet_server.core.wallet import Wallet
from wallet_server.storage.documents import bet_to_json, refusal_to_json, to_json
from wallet_server.storage.loading import Loaded
from wallet_server.storage.sql import number_array, text_array


def record_arguments(fold: Fold, loaded: Loaded) -> dict[str, object]:
    """Returns the values of the statement that records a batch, by the names in it."""
    refs = sorted({recorded.task.wallet for recorded in fold.recorded}, key=locate)
    claims = [ref for ref in refs if ref in loaded.wallets]
    opened = [ref for ref in refs if ref not in loaded.wallets]
    documents = _bet_documents(fold)
    return {
        **_claim_arguments([(loaded.wallets[ref], fold.wallets[ref]) for ref in claims]),
        **_open_arguments([fold.wallets[ref] for ref in opened]),
        **_player_arguments([fold.wallets[ref] for ref in opened], loaded),
        **_condition_arguments(refs, loaded),
        **_answer_arguments(fold.recorded, documents),
        **_entry_arguments(
            [(locate(r.task.wallet), e) for r in fold.recorded for e in r.answer.entries]
        ),
        **_bet_arguments([(locate(ref), bet) for (ref, _), bet in fold.bets.items()], documents),
        **_deposit_arguments([(locate(ref), d) for (ref, _), d in fold.deposits.items()]),
    }


def _bet_documents(fold: Fold) -> dict[int, str]:
    """Returns each bet as a document, by the bet's identity: answers and rows share most bets."""
    bets = {id(bet): bet for r in fold.recorded if (bet := r.answer.bet) is not None}
    bets |= {id(bet): bet for bet in fold.bets.values()}
    return {identity: bet_to_json(bet) for identity, bet in bets.items()}


def _condition_arguments(refs: Sequence[WalletRef], loaded: Loaded) -> dict[str, object]:
    tenants = list({ref.tenant_id for ref in refs})
    players = {(locate(ref).shard, ref.tenant_id, ref.player_id) for ref in refs}
    known = [
        (*player, loaded.statuses[player[1:]])
        for player in players
        if player[1:] in loaded.statuses
    ]
    return {
        "epoch_tenants": tenants,
        "epochs": [loaded.epochs[tenant_id] for tenant_id in tenants],
        "status_shards": [each[0] for each in known],
        "status_tenants": [each[1] for each in known],
        "status_players": [each[2] for each in known],
        "statuses": [each[3] for each in known],
    }


def _holdings(wallet: Wallet) -> tuple[str, str, str, str]:
    """Returns accounts and balances, then debt's assets and amounts; zeros left out."""
    held = sorted((a, b) for a, b in wallet.balances.items() if b and not is_debt(a))
    owed = sorted((a, b) for a, b in wallet.balances.items() if b and is_debt(a))
    return (
        text_array(account for account, _ in held),
        number_array(balance for _, balance in held),
        text_array(account.removeprefix(DEBT_PREFIX) for account, _ in owed),
        number_array(balance for _, balance in owed),
    )


def _claim_arguments(claims: Sequence[tuple[Wallet, Wallet]]) -> dict[str, object]:
    places = [locate(after.ref) for _, after in claims]
    holdings = [_holdings(after) for _, after in claims]
    return {
        "claim_shards": [place.shard for place in places],
        "claim_wallets": [place.wallet_id for place in places],
        "claim_known": [before.sequence for before, _ in claims],
        "claim_sequences": [after.sequence for _, after in claims],
        "claim_times": [after.update_time for _, after in claims],
        "claim_accounts": [each[0] for each in holdings],
        "claim_balances": [each[1] for each in holdings],
        "claim_debt_assets": [each[2] for each in holdings],
        "claim_debts": [each[3] for each in holdings],
    }


def _open_arguments(wallets: Sequence[Wallet]) -> dict[str, object]:
    places = [locate(wallet.ref) for wallet in wallets]
    holdings = [_holdings(wallet) for wallet in wallets]
    return {
        "open_shards": [place.shard for place in places],
        "open_wallets": [place.wallet_id for place in places],
        "open_tenants": [wallet.ref.tenant_id for wallet in wallets],
        "open_players": [wallet.ref.player_id for wallet in wallets],
        "open_currencies": [wallet.ref.currency_code for wallet in wallets],
        "open_sequences": [wallet.sequence for wallet in wallets],
        "open_create_times": [wallet.create_time for wallet in wallets],
        "open_times": [wallet.update_time for wallet in wallets],
        "open_accounts": [each[0] for each in holdings],
        "open_balances": [each[1] for each in holdings],
        "open_debt_assets": [each[2] for each in holdings],
        "open_debts": [each[3] for each in holdings],
    }


def _player_arguments(opened: Sequence[Wallet], loaded: Loaded) -> dict[str, object]:
    new = {
        (locate(wallet.ref).shard, wallet.ref.tenant_id, wallet.ref.player_id): wallet
        for wallet in opened
        if (wallet.ref.tenant_id, wallet.ref.player_id) not in loaded.statuses
    }
    return {
        "player_shards": [shard for shard, _, _ in new],
        "player_tenants": [tenant_id for _, tenant_id, _ in new],
        "player_ids": [player_id for _, _, player_id in new],
        "player_times": [wallet.create_time for wallet in new.values()],
    }


def _answer_arguments(
    recorded: Sequence[Recorded], documents: Mapping[int, str]
) -> dict[str, object]:
    places = [locate(each.task.wallet) for each in recorded]
    answers: list[Answer] = [each.answer for each in recorded]
    return {
        "answer_shards": [place.shard for place in places],
        "answer_wallets": [place.wallet_id for place in places],
        "answer_requests": [answer.request_id for answer in answers],
        "answer_sequences": [answer.sequence for answer in answers],
        "answer_commands": [answer.command for answer in answers],
        "answer_fingerprints": [answer.fingerprint for answer in answers],
        "answer_times": [answer.answer_time for answer in answers],
        "answer_outcomes": [answer.outcome for answer in answers],
        "answer_refusals": [a.refusal and refusal_to_json(a.refusal) for a in answers],
        "answer_bets": [answer.bet and documents[id(answer.bet)] for answer in answers],
        "answer_details": [_details(each.task.command) for each in recorded],
        "answer_correlations": [each.task.correlation_id for each in recorded],
    }


def _details(command: Command) -> str | None:
    """Returns what must be kept of a command and stands nowhere else."""
    if not isinstance(command, AdjustBalance):
        return None
    return to_json({"reason_code": command.reason_code, "comment": command.comment})


def _entry_arguments(entries: Sequence[tuple[Location, PostedEntry]]) -> dict[str, object]:
    return {
        "entry_shards": [place.shard for place, _ in entries],
        "entry_wallets": [place.wallet_id for place, _ in entries],
        "entry_sequences": [entry.sequence for _, entry in entries],
        "entry_ordinals": [entry.ordinal for _, entry in entries],
        "entry_assets": [entry.asset_code for _, entry in entries],
        "entry_accounts": [text_array(c.account for c in e.changes) for _, e in entries],
        "entry_changes": [number_array(c.change for c in e.changes) for _, e in entries],
        "entry_balances": [number_array(c.balance_after for c in e.changes) for _, e in entries],
        "entry_times": [entry.entry_time for _, entry in entries],
        "entry_requests": [entry.request_id for _, entry in entries],
        "entry_commands": [entry.command for _, entry in entries],
        "entry_providers": [entry.provider_id for _, entry in entries],
        "entry_bets": [entry.bet_ref for _, entry in entries],
        "entry_correlations": [entry.correlation_id for _, entry in entries],
    }


def _bet_arguments(
    bets: Sequence[tuple[Location, Bet]], documents: Mapping[int, str]
) -> dict[str, object]:
    return {
        "bet_shards": [place.shard for place, _ in bets],
        "bet_wallets": [place.wallet_id for place, _ in bets],
        "bet_providers": [bet.key.provider_id for _, bet in bets],
        "bet_refs": [bet.key.bet_ref for _, bet in bets],
        "bet_states": [bet.state for _, bet in bets],
        "bet_sequences": [bet.sequence for _, bet in bets],
        "bet_revisions": [bet.revision for _, bet in bets],
        "bet_stakes": [bet.stake for _, bet in bets],
        "bet_times": [bet.create_time for _, bet in bets],
        "bet_documents": [documents[id(bet)] for _, bet in bets],
    }


def _deposit_arguments(deposits: Sequence[tuple[Location, Deposit]]) -> dict[str, object]:
    return {
        "deposit_shards": [place.shard for place, _ in deposits],
        "deposit_wallets": [place.wallet_id for place, _ in deposits],
        "deposit_ids": [deposit.deposit_id for _, deposit in deposits],
        "deposit_buckets": [deposit.bucket for _, deposit in deposits],
        "deposit_assets": [deposit.asset_code for _, deposit in deposits],
        "deposit_amounts": [deposit.amount for _, deposit in deposits],
        "deposit_states": [deposit.state for _, deposit in deposits],
        "deposit_sequences": [deposit.sequence for _, deposit in deposits],
        "deposit_times": [deposit.create_time for _, deposit in deposits],
    }
