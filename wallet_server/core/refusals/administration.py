"""Refusals of administrative acts."""

from wallet_server.core.administration.blocker import Blocker
from wallet_server.core.config.problem import Problem
from wallet_server.core.refusals.kinds import Conflict, Declined, Invalid, NotFound, Refusal
from wallet_server.core.value import value


@value
class Stale(Refusal):
    """What is to be changed has changed since the caller read it."""


@value
class EtagMismatch(Stale):
    """The resource was changed by somebody else meanwhile: read it again."""

    reason = "ETAG_MISMATCH"
    message = "the etag is {etag}, and that of {resource} is {current}"

    resource: str
    etag: str
    current: str


@value
class Unready(Declined):
    """An act that may be tried again under the same id, once what is in its way is gone."""

    recorded = False


@value
class VersionTransitionIllegal(Unready):
    """A version in this state cannot be what the act would make it."""

    reason = "VERSION_TRANSITION_ILLEGAL"
    message = "{resource} is {state}, and cannot be {wanted}"

    resource: str
    state: str
    wanted: str


@value
class ApproverSameAsAuthor(Unready):
    """Whoever wrote it may not approve it."""

    reason = "APPROVER_SAME_AS_AUTHOR"
    message = "{author} wrote {resource}, and somebody else must approve it"

    resource: str
    author: str


@value
class Unfit(Unready):
    """A document is wrong. `problems` are all that is wrong with it."""

    problems: tuple[Problem, ...] = ()

    def details(self) -> dict[str, str | int]:
        """Returns how many problems there are, and the reasons, each once."""
        reasons = ", ".join(dict.fromkeys(each.reason for each in self.problems))
        return {"problems_count": len(self.problems), "reasons": reasons}


@value
class TopologyInvalid(Unfit):
    """The topology is wrong in itself, or cannot follow the active one."""

    reason = "TOPOLOGY_INVALID"
    message = "the topology has {problems_count} problems: {reasons}"


@value
class PolicyInvalid(Unfit):
    """The policy, wallet policy or provider profile is wrong, or does not fit what is active."""

    reason = "POLICY_INVALID"
    message = "the document has {problems_count} problems: {reasons}"


@value
class DocumentUnreadable(Invalid):
    """A document cannot be read: fields are missing, unknown or of the wrong type."""

    reason = "DOCUMENT_UNREADABLE"
    message = "the document has {problems_count} problems: {reasons}"

    problems: tuple[Problem, ...] = ()

    def details(self) -> dict[str, str | int]:
        """Returns how many problems there are, and the reasons, each once."""
        reasons = ", ".join(dict.fromkeys(each.reason for each in self.problems))
        return {"problems_count": len(self.problems), "reasons": reasons}


@value
class TopologyActivationBlocked(Unready):
    """Something would be stranded. `blockers` are all that is in the way.

    `problems` are what is wrong with the topology itself, beside that.
    """

    reason = "TOPOLOGY_ACTIVATION_BLOCKED"
    message = "the topology cannot be activated: {reasons}"

    blockers: tuple[Blocker, ...] = ()
    problems: tuple[Problem, ...] = ()

    def details(self) -> dict[str, str | int]:
        """Returns how many blockers there are, and their reasons, each once."""
        reasons = ", ".join(dict.fromkeys(each.reason.value for each in self.blockers))
        return {"blockers_count": len(self.blockers), "reasons": reasons}


@value
class DocumentMismatch(Invalid):
    """A version goes on being of what it was of, such as one provider type."""

    reason = "DOCUMENT_MISMATCH"
    message = "{resource} cannot become a version of {document}"

    resource: str
    document: str


@value
class EffectiveTimePassed(Invalid):
    """A version can only be scheduled for a time to come."""

    reason = "EFFECTIVE_TIME_PASSED"
    message = "the effective time {effective_time} lies not ahead"

    effective_time: str


@value
class BucketUnknown(NotFound):
    """The active topology has no such bucket."""

    reason = "BUCKET_NOT_FOUND"
    message = "the active topology of tenant {tenant_id} has no bucket {bucket}"

    tenant_id: str
    bucket: str


@value
class BucketNotDraining(Unready):
    """Only a bucket that takes no new money can be drained."""

    reason = "BUCKET_NOT_DRAINING"
    message = "bucket {bucket} is ACTIVE; start draining it first"

    bucket: str


@value
class SuccessorUnfit(Invalid):
    """Money cannot go from the bucket to this one."""

    reason = "SUCCESSOR_UNFIT"
    message = "{successor} is not an ACTIVE bucket that may hold what {bucket} does"

    bucket: str
    successor: str


@value
class DrainNotFound(NotFound):
    """The tenant has no such drain."""

    reason = "DRAIN_NOT_FOUND"
    message = "tenant {tenant_id} has no drain {drain_id}"

    tenant_id: str
    drain_id: str


@value
class DrainUnderWay(Unready):
    """A bucket has one drain at a time."""

    reason = "DRAIN_UNDER_WAY"
    message = "drain {drain_id} of bucket {bucket} is not over"

    bucket: str
    drain_id: str


@value
class TenantExists(Conflict):
    """The id is another tenant's."""

    reason = "TENANT_EXISTS"
    message = "there is a tenant {tenant_id}"

    tenant_id: str


@value
class CredentialNotFound(NotFound):
    """There is no such credential."""

    reason = "CREDENTIAL_NOT_FOUND"
    message = "there is no credential {credential_id}"

    credential_id: str


@value
class CredentialExists(Conflict):
    """The subject has one already that was not revoked, wherever that is."""

    reason = "CREDENTIAL_EXISTS"
    message = "there is a credential for {subject}"

    subject: str


@value
class RequestIdTaken(Conflict):
    """The tenant's administrators used this request_id for something else."""

    reason = "ADMIN_REQUEST_ID_REUSED"
    message = "request_id {request_id} was used for another administrative request"

    request_id: str
