"""The way into the core: a command and a wallet in, a decision out."""

from datetime import datetime
from typing import assert_never

from wallet_server.core.bets.authorize import decide_authorize_bet
from wallet_server.core.bets.rollback import decide_rollback_transaction
from wallet_server.core.bets.settle import decide_settle_bet
from wallet_server.core.bets.unsettle import decide_unsettle_bet
from wallet_server.core.cashier.adjustments import decide_adjust_balance
from wallet_server.core.cashier.deposits import decide_approve_deposit
from wallet_server.core.commands import (
    AdjustBalance,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Change, Decision, Outcome
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import CurrencyNotSupported, WalletNotFound
from wallet_server.core.wallet import Wallet


def decide(
    command: Command,
    ref: WalletRef,
    wallet: Wallet | None,
    configuration: Configuration,
    now: datetime,
) -> Decision:
    """Decides a command against a wallet as it is; none for one that is not open.

    Deciding reads no clock and draws no random number, so the same command against
    the same wallet and configuration is always decided the same.
    """
    if isinstance(command, OpenWallet):
        return decide_open_wallet(ref, wallet, configuration)
    if wallet is None:
        return WalletNotFound(ref.tenant_id, ref.player_id, ref.currency_code)
    topology = configuration.topology.value
    match command:
        case AuthorizeBet():
            return decide_authorize_bet(command, wallet, configuration, now)
        case SettleBet():
            return decide_settle_bet(command, wallet, topology)
        case UnsettleBet():
            return decide_unsettle_bet(command, wallet, topology)
        case RollbackTransaction():
            return decide_rollback_transaction(command, wallet, topology, now)
        case ApproveDeposit():
            return decide_approve_deposit(command, wallet, configuration, now)
        case AdjustBalance():
            return decide_adjust_balance(command, wallet, topology)
        case _:
            assert_never(command)


def decide_open_wallet(
    ref: WalletRef, wallet: Wallet | None, configuration: Configuration
) -> Decision:
    """Opens a wallet in a currency that the topology has, unless it is open."""
    if wallet is not None:
        return Change(Outcome.ALREADY_APPLIED)
    if ref.currency_code not in configuration.topology.value.currencies:
        return CurrencyNotSupported(ref.currency_code)
    return Change(Outcome.APPLIED)
