"""An amount as commands name it."""

from wallet_server.core.value import value


@value
class Amount:
    """An amount as it was asked for, with the asset the caller named."""

    asset_code: str
    minor_units: int
