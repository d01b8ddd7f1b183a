"""`python -m wallet_server.cli.worker`: a worker. Only its supervisor starts it."""

import logging
import sys

import click

from wallet_server import event_loop
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.logs import configure_logging
from wallet_server.serving.lifeline import read_orders
from wallet_server.serving.messages import Failed, Orders
from wallet_server.serving.worker import Reports, serve_as_worker
from wallet_server.starting import StartError

logger = logging.getLogger(__name__)


def main() -> None:
    """Serves as it is ordered. Tells the supervisor, not people, what keeps it from that."""
    line = read_orders()
    if not line:
        return  # The supervisor died before it had said everything.
    reports = Reports()
    orders = Orders.decode(line)
    settings = orders.settings
    configure_logging(settings.log_format, settings.log_level, worker=orders.number)
    try:
        with tell_database_faults(settings.database_url.get_secret_value()):
            event_loop.run(serve_as_worker(orders, reports))
    except (StartError, click.ClickException) as error:
        reports.send(Failed(str(error)))
        sys.exit(1)
    except Exception:
        logger.exception("a worker failed")
        sys.exit(1)


if __name__ == "__main__":
    main()
