"""What the services of administrators call."""

from dataclasses import dataclass

from wallet_server.execution.administration.audit_reader import AuditReader
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.administration.credentials import Credentials
from wallet_server.execution.administration.tenants import Tenants
from wallet_server.execution.administration.versions import VersionAdmin
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.execution.policy_evaluation import PolicyEvaluator


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """What carries out administrative acts, and reads what they have made.

    Args:
        configurations: Reads versions.
        versions: Acts on versions.
        buckets: Acts on the statuses of buckets, and on drains.
        evaluator: Tries policies.
        tenants: Acts on tenants, and reads them.
        credentials: Acts on credentials and tokens, and reads credentials.
        audit: Reads audit records.
    """

    configurations: ConfigurationReader
    versions: VersionAdmin
    buckets: BucketAdmin
    evaluator: PolicyEvaluator
    tenants: Tenants
    credentials: Credentials
    audit: AuditReader
