"""Activation: versions that become active, at once or at a time to come."""

from dataclasses import fields

from pydantic import BaseModel, Field

from wallet_server.execution.settings import AdministrationSettings


class Activation(BaseModel):
    """Activation."""

    activation_fence_seconds: float = Field(
        default=3.0,
        gt=0,
        le=60,
        description="How long commands of a tenant wait at most while a topology that removes a"
        " bucket is activated, should the process that does so fall silent.",
    )
    activation_examples_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="For how long examples of each thing that is in the way of a topology are"
        " looked for. What is not found by then is told without.",
    )
    scheduling_enabled: bool = Field(
        default=True,
        description="Whether this server activates scheduled versions when their time has come. Any"
        " number of servers may; one at least must, or they wait.",
    )
    scheduling_interval_seconds: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="The longest pause before a process looks again for scheduled versions whose"
        " time has come; the shortest is half of it.",
    )
    scheduling_pause_seconds_max: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="The longest pause before a process looks again that found the database away;"
        " it doubles from the interval on.",
    )
    scheduling_lease_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="How long a process that has begun keeps others from activating, should it fall"
        " silent.",
    )

    def for_administration(self) -> AdministrationSettings:
        """Returns what activating versions needs to know."""
        names = [each.name for each in fields(AdministrationSettings)]
        return AdministrationSettings(**{name: getattr(self, name) for name in names})
