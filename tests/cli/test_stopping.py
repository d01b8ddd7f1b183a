"""What SIGTERM does to commands that run for a while: what SIGINT does."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from wallet_server.cli.stopping import ended_by_sigterm


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Has SIGINT do what it does in a program of Python's."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_what_asyncio_runs_is_cancelled_and_not_torn_out_of() -> None:
    ends: list[type[BaseException]] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(3600)
        except BaseException as error:
            ends.append(type(error))
            raise

    with ended_by_sigterm(), pytest.raises(KeyboardInterrupt):
        asyncio.run(work())

    assert ends == [asyncio.CancelledError]


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN])
@pytest.mark.usefixtures("interrupts")
def test_elsewhere_it_interrupts_even_where_sigint_is_ignored(handler: signal.Handlers) -> None:
    signal.signal(signal.SIGINT, handler)

    with ended_by_sigterm(), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)


def test_afterwards_it_is_as_before() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with ended_by_sigterm():
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before
