"""Which of a wallet's items somebody wants to see."""

from wallet_server.core.value import value


@value
class ItemFilter:
    """What items must be to be listed; nothing is for all.

    `states` are those of the kind, by name. `bucket` is for items that are on one.
    """

    states: tuple[str, ...] = ()
    live_only: bool = False
    bucket: str = ""


ALL_ITEMS = ItemFilter()
