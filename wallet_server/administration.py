"""Puts together what the services of administrators call."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.administration.audit_reader import AuditReader
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.administration.credentials import Credentials
from wallet_server.execution.administration.tenants import Tenants
from wallet_server.execution.administration.versions import VersionAdmin
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.execution.policy_evaluation import PolicyEvaluator
from wallet_server.execution.settings import AdministrationSettings
from wallet_server.execution.wallet_access import WalletAccess
from wallet_server.rpc.administration import Administration
from wallet_server.storage.readers import Readers


def administration_of(
    engine: AsyncEngine,
    readers: Readers,
    configurations: ConfigurationCache,
    now: Callable[[], datetime],
    settings: AdministrationSettings,
) -> Administration:
    """Returns what acts through the engine, and reads wallets through the readers."""
    reader = ConfigurationReader(engine)
    return Administration(
        configurations=reader,
        versions=VersionAdmin(engine, now, settings),
        buckets=BucketAdmin(engine, now),
        evaluator=PolicyEvaluator(reader, WalletAccess(readers, configurations), now),
        tenants=Tenants(engine, now),
        credentials=Credentials(engine, now, clock_skew_seconds=settings.auth_clock_skew_seconds),
        audit=AuditReader(engine),
    )
