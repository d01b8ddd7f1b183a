"""Acts on credentials and on tokens, and reads of credentials."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.access.principal import EVERY_TENANT
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.credential import (
    Credential,
    CredentialTerms,
    credential_of_plain,
    plain_credential,
    resource_of_credential,
)
from wallet_server.core.administration.credentials import (
    NewCredential,
    new_credential,
    revoked,
    with_terms,
)
from wallet_server.core.administration.granting import Granter, why_tokens_not_ended
from wallet_server.core.administration.revocation import (
    Revocation,
    plain_revocation,
    resource_of_revocation,
    revocation_of_plain,
)
from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.refusals.access import TenantNotAllowed
from wallet_server.core.refusals.administration import CredentialExists, CredentialNotFound
from wallet_server.core.value import value
from wallet_server.execution.administration.lookups import accepted, find_tenant
from wallet_server.execution.administration.reading import reading
from wallet_server.execution.administration.store import AdminStore
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.id_source import new_id
from wallet_server.storage import credentials as stored
from wallet_server.storage import tenant_lists


@value
class CredentialView:
    """A credential. `replayed`: the act that left it so was carried out before."""

    credential: Credential
    replayed: bool = False


class Credentials:
    """Makes, changes and ends credentials, and ends tokens.

    The tenant of an act is the one that the credential is for; none for those that are for
    several, or all. Each method may raise `RefusedError`, or a `Fault`.
    """

    def __init__(
        self, engine: AsyncEngine, now: Callable[[], datetime], *, clock_skew_seconds: float
    ) -> None:
        """Takes the engine that connections come from. `now` tells the time.

        The clock of whoever issues tokens may be ahead of it by `clock_skew_seconds`.
        """
        self._clock_skew = timedelta(seconds=clock_skew_seconds)
        self._engine = engine
        self._store = AdminStore(engine, now)

    async def create(self, act: Act, asked: NewCredential, granter: Granter) -> CredentialView:
        """Makes a credential."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            made = accepted(new_credential(asked, new_id(), granter, act.actor.name, now))
            await check_tenants(connection, asked.terms)
            if await stored.has_active(connection, asked.kind, asked.subject):
                raise RefusedError(CredentialExists(asked.subject))
            await stored.insert(connection, made)
            return [Change(resource_of_credential(made), plain_credential(made))]

        subject = Resource(ResourceKind.CREDENTIAL, "")
        done = await self._store.run(act, subject, {"asked": asked}, work)
        return CredentialView(credential_of_plain(done.after), done.replayed)

    async def update(
        self, act: Act, credential_id: str, etag: str, terms: CredentialTerms, granter: Granter
    ) -> CredentialView:
        """Lets a credential stand for something else, in place of all that it stood for."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            before = await find_credential(connection, act.tenant_id, credential_id, granter)
            after = accepted(with_terms(before, etag, terms, granter, now))
            await check_tenants(connection, terms)
            await stored.update(connection, after)
            return [change_between(before, after)]

        subject = Resource(ResourceKind.CREDENTIAL, credential_id)
        content = {"credential_id": credential_id, "etag": etag, "terms": terms}
        done = await self._store.run(act, subject, content, work)
        return CredentialView(credential_of_plain(done.after), done.replayed)

    async def revoke(
        self, act: Act, credential_id: str, etag: str, granter: Granter
    ) -> CredentialView:
        """Ends a credential for good."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            before = await find_credential(connection, act.tenant_id, credential_id, granter)
            after = accepted(revoked(before, etag, granter, now))
            await stored.update(connection, after)
            return [change_between(before, after)]

        subject = Resource(ResourceKind.CREDENTIAL, credential_id)
        content = {"credential_id": credential_id, "etag": etag}
        done = await self._store.run(act, subject, content, work)
        return CredentialView(credential_of_plain(done.after), done.replayed)

    async def revoke_tokens(
        self,
        act: Act,
        granter: Granter,
        *,
        token_id: str = "",
        subject: str = "",
        issued_before: datetime | None = None,
    ) -> tuple[Revocation, bool]:
        """Ends a token, or those of a subject that say they were issued before a time.

        By default it is now, and as much later as the clock of who issued them may be ahead.
        Returns what was revoked, and whether that was done before: only whoever may do so hears.
        """
        about = Resource(ResourceKind.REVOCATION, "")
        refusal = why_tokens_not_ended(granter, subject)
        if refusal is not None:
            if not act.validate_only:
                await self._store.record_refused(act, about, refusal)
            raise RefusedError(refusal)

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            until = issued_before or now + self._clock_skew
            made = Revocation(UUID(new_id()), token_id, subject, until, now)
            await stored.insert_revocation(connection, made)
            return [Change(resource_of_revocation(made), plain_revocation(made))]

        content = {"token_id": token_id, "subject": subject, "issued_before": issued_before}
        done = await self._store.run(act, about, content, work)
        return revocation_of_plain(done.after), done.replayed

    async def get(self, tenant_id: str, credential_id: str, granter: Granter) -> Credential:
        """Returns a credential."""
        async with reading(self._engine) as connection:
            return await find_credential(connection, tenant_id, credential_id, granter)

    async def page(
        self, tenant_id: str, granter: Granter, *, after: str, limit: int
    ) -> list[Credential]:
        """Returns the credentials for a tenant, by id, of those after one.

        Without a tenant they are those that are for several, or all.
        """
        async with reading(self._engine) as connection:
            if tenant_id:
                await find_tenant(connection, tenant_id)
            elif not granter.is_for_every_tenant:
                raise RefusedError(TenantNotAllowed())
            return await stored.page(connection, tenant_id, after=after, limit=limit)


async def find_credential(
    connection: AsyncConnection, tenant_id: str, credential_id: str, granter: Granter
) -> Credential:
    """Returns a credential for a tenant, or without one for several, that somebody may see.

    Raises:
        RefusedError: There is none.
    """
    found = await stored.find(connection, credential_id)
    if found is None or found.tenant_id != tenant_id or not granter.may_name(found.terms.tenants):
        raise RefusedError(CredentialNotFound(credential_id))
    return found


async def check_tenants(connection: AsyncConnection, terms: CredentialTerms) -> None:
    """Makes sure that there are all tenants that a credential names.

    Raises:
        RefusedError: One is missing.
    """
    named = [tenant_id for tenant_id in terms.tenants if tenant_id != EVERY_TENANT]
    missing = await tenant_lists.missing(connection, named)
    if missing:
        raise RefusedError(TenantNotFound(missing[0]))


def change_between(before: Credential, after: Credential) -> Change:
    """Returns the step of a credential from one revision to the next."""
    return Change(resource_of_credential(after), plain_credential(after), plain_credential(before))
