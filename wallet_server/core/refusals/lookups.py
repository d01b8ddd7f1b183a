"""Refusals of any command or read: something is not there, or not as it must be."""

from wallet_server.core.refusals.kinds import Conflict, Invalid, NotFound
from wallet_server.core.value import value


@value
class TenantNotFound(NotFound):
    """No tenant has this id."""

    reason = "TENANT_NOT_FOUND"
    message = "there is no tenant {tenant_id}"

    tenant_id: str


@value
class WalletNotFound(NotFound):
    """The wallet has not been opened."""

    reason = "WALLET_NOT_FOUND"
    message = "player {player_id} of tenant {tenant_id} has no wallet in {currency_code}"

    tenant_id: str
    player_id: str
    currency_code: str


@value
class AnswerNotFound(NotFound):
    """Nothing is recorded under the request id."""

    reason = "ANSWER_NOT_FOUND"
    message = "nothing is recorded under request_id {request_id}"

    request_id: str


@value
class TopologyNotFound(NotFound):
    """The tenant has no such version; zero asks for the active one."""

    reason = "TOPOLOGY_NOT_FOUND"
    message = "tenant {tenant_id} has no topology version {version}"

    tenant_id: str
    version: int


@value
class PolicyNotFound(NotFound):
    """The tenant has no such version; zero asks for the active one."""

    reason = "POLICY_NOT_FOUND"
    message = "tenant {tenant_id} has no version {version} of the policy {provider_type}"

    tenant_id: str
    provider_type: str
    version: int


@value
class ProviderProfileNotFound(NotFound):
    """The tenant has no such version; zero asks for the active one."""

    reason = "PROVIDER_PROFILE_NOT_FOUND"
    message = "tenant {tenant_id} has no version {version} of the profile of {provider_id}"

    tenant_id: str
    provider_id: str
    version: int


@value
class RequestIdReused(Conflict):
    """The wallet knows the request id for a command with other content."""

    reason = "REQUEST_ID_REUSED"
    message = "request_id {request_id} was used for another command"

    request_id: str


@value
class TransactionPayloadMismatch(Conflict):
    """The bet, portion or deposit is known with other content."""

    reason = "TRANSACTION_PAYLOAD_MISMATCH"
    message = "{reference} is known with another {field}"

    reference: str
    field: str


@value
class CurrencyMismatch(Invalid):
    """An amount is not of the asset that it must be."""

    reason = "CURRENCY_MISMATCH"
    message = "{field} must be in {expected}, not in {actual}"

    field: str
    expected: str
    actual: str


@value
class CurrencyNotSupported(Invalid):
    """The active topology has no such currency."""

    reason = "CURRENCY_NOT_SUPPORTED"
    message = "the topology has no currency {currency_code}"

    currency_code: str


@value
class AmountOutOfRange(Invalid):
    """A balance or a change would leave the range of 64-bit numbers."""

    reason = "AMOUNT_OUT_OF_RANGE"
    message = "{account} would leave the range of 64-bit numbers"

    account: str


@value
class BucketUnknownInTopology(Invalid):
    """The active topology has no such bucket."""

    reason = "BUCKET_UNKNOWN_IN_TOPOLOGY"
    message = "the topology has no bucket {bucket}"

    bucket: str


@value
class PageTokenInvalid(Invalid):
    """The page token is not one of this server's, or is for other filters."""

    reason = "PAGE_TOKEN_INVALID"
    message = "page_token does not belong to this listing"


@value
class TimeNotReached(Invalid):
    """A read asks about a time to come."""

    reason = "TIME_NOT_REACHED"
    message = "{time} has not come"

    time: str


@value
class RangeInvalid(Invalid):
    """A read asks about what ends before it starts."""

    reason = "RANGE_INVALID"
    message = "command {at_sequence} is before command {after_sequence}"

    after_sequence: int
    at_sequence: int


@value
class AccountNotOfPlayer(Invalid):
    """A read asks about an account that no player can have."""

    reason = "ACCOUNT_NOT_OF_PLAYER"
    message = "no account of a player is called {account}"

    account: str


@value
class LocaleUnknown(Invalid):
    """No language is called as a request says."""

    reason = "LOCALE_UNKNOWN"
    message = "there is no locale {locale}"

    locale: str
