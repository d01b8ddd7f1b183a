"""Exports: files of the ledger, for those who ask for them."""

from pydantic import BaseModel, Field


class Exports(BaseModel):
    """Exports."""

    exports_max: int = Field(
        default=2,
        ge=0,
        le=100,
        description="Files made at once for callers of one process, each by a process of its own"
        " with one connection. One more is refused at once.",
    )
    tenant_exports_max: int = Field(
        default=1,
        ge=0,
        le=100,
        description="Those among them that are of one tenant. Below `exports_max`, a tenant that"
        " asks for many leaves room for others.",
    )
