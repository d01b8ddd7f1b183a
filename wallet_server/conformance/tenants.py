"""Tenants of the runner's own on a server that is up, made as people make them: by calls."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from google.protobuf import json_format

from wallet_server.conformance.actors import metadata_of
from wallet_server.conformance.calling import Caller
from wallet_server.conformance.publishing import PERSONS
from wallet_server.conformance.requests import build_request
from wallet_server.conformance.scenario import Actor, Call, Json
from wallet_server.conformance.shorthand import Cast
from wallet_server.conformance.target import TargetError
from wallet_server.conformance.version_acts import (
    KINDS,
    STATES,
    creation_of,
    method_of,
    step_of,
    version_in,
)
from wallet_server.core.config.documents import Document, kind_of, write_document

OWNER = "owner"
ORDER = tuple(KINDS)
"""What a kind of document refers to comes before it."""


class TenantMaker:
    """Creates tenants, and makes documents active in them."""

    def __init__(self, caller: Caller) -> None:
        """Numbers its requests."""
        self._caller = caller
        self._numbers = count(1)

    async def create(self, tenant_id: str) -> None:
        """Creates a tenant, in which every version takes two persons.

        Raises:
            TargetError: The server does not.

        """
        await self._act(tenant_id, "TenantAdmin.CreateTenant", OWNER, {"settings": {}})

    async def publish(self, tenant_id: str, documents: Iterable[Document]) -> None:
        """Makes documents active, one after another.

        Raises:
            TargetError: The server refuses one.

        """
        for document in sorted(documents, key=lambda each: ORDER.index(kind_of(each))):
            await self._publish(tenant_id, kind_of(document), write_document(document))

    async def _publish(self, tenant_id: str, kind: str, document: Mapping[str, Json]) -> None:
        draft, *steps = STATES
        request = creation_of(kind, document)
        created = await self._act(tenant_id, method_of(kind, draft), PERSONS[draft], request)
        version = version_in(kind, created)
        for state in steps:
            request = step_of(kind, document, version, state)
            await self._act(tenant_id, method_of(kind, state), PERSONS[state], request)

    async def _act(
        self, tenant_id: str, method: str, person: str, request: Mapping[str, Json]
    ) -> dict[str, Any]:
        """Sends a request. Returns the answer as proto JSON."""
        named = {**request, "request_id": f"{tenant_id}/{next(self._numbers)}"}
        call = Call(method, named, "", Actor(person))
        cast_ = Cast(tenant_id, {})
        reply = await self._caller.call(
            method, build_request(call, cast_), metadata_of(call.actor, cast_)
        )
        if reply.response is None:
            raise TargetError(f"{method}: {reply}")
        return json_format.MessageToDict(reply.response, preserving_proto_field_name=True)
