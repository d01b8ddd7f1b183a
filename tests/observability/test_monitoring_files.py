"""The dashboard and the alert rules that ship, against what a running server exports."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import grpc.aio
import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.supervised import Supervised, serving
from tests.database import Database
from tests.observability.queries import read_query
from tests.rpc.bets import WALLET, bet
from tests.servers import TENANT, apply_shape
from wallet.v1.wallet_commands_pb2 import OpenWalletRequest
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.serving.metric_kinds import Histogram
from wallet_server.serving.metrics import METRICS

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "deploy" / "monitoring"
HELP = ROOT / "docs" / "operating" / "monitoring.md"
OF_PROMETHEUS = {"job", "instance", "le"}
"""The labels that Prometheus itself adds, and those of histograms' buckets."""

METRIC_NAME = re.compile(
    r"`((?:grpc_server|wallet)_[a-z_]+_(?:total|seconds|bytes|active|connected|tenants|waiting"
    r"|behind|events|commands|batches|commits|running))\b"
)
"""What a page names that is called as metrics are: tables and roles are not."""

SEVERITIES = {"page", "ticket"}
DURATION = re.compile(r"\d+[smhd]")


def dashboard() -> dict[str, Any]:
    return json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))


def panels() -> Iterator[dict[str, Any]]:
    return (panel for panel in dashboard()["panels"] if panel["type"] != "row")


def dashboard_queries() -> Iterator[str]:
    for panel in panels():
        for target in panel["targets"]:
            yield target["expr"]


def rules() -> list[dict[str, Any]]:
    loaded = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))
    assert loaded.keys() == {"groups"}
    [group] = loaded["groups"]
    assert group.keys() == {"name", "rules"}
    return group["rules"]


def queries() -> list[str]:
    return [*dashboard_queries(), *(rule["expr"] for rule in rules())]


@pytest.fixture(scope="module")
async def tenant_url(
    postgres: EmbeddedPostgres, template: str, database_names: Iterator[str]
) -> AsyncIterator[str]:
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, template)
    await apply_shape(database, TENANT, "ruby")
    yield database.server_url
    await database.drop()


@pytest.fixture(scope="module")
async def exported(tenant_url: str) -> Mapping[str, set[str]]:
    """The labels of each sample that a server with two workers exports, by its name."""
    async with serving(2, tenant_url) as server:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            commands = WalletCommandsStub(channel)
            await commands.OpenWallet(OpenWalletRequest(request_id="r", wallet=WALLET))
            with pytest.raises(grpc.aio.AioRpcError):
                await commands.AuthorizeBet(bet("r2", 1_000))
        return await samples_of(server)


async def samples_of(server: Supervised) -> Mapping[str, set[str]]:
    """Returns the labels of each sample by its name, once the worker has told of the calls.

    What nothing has happened to yet has no samples; its labels are those that are declared.
    """
    declared = {metric.name: set(metric.labels) for metric in METRICS}
    async with asyncio.timeout(60):
        while not await server.metric("grpc_server_handled_total"):
            await asyncio.sleep(0.02)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for family in text_string_to_metric_families((await server.get("/metrics"))[1]):
        for sample in family.samples:
            found[sample.name] |= sample.labels.keys()
        if not family.samples:
            name = family.name + ("_total" if family.type == "counter" else "")
            found[name] = declared[name]
    return found


@pytest.mark.parametrize("query", queries())
def test_every_query_asks_for_what_a_server_exports(
    query: str, exported: Mapping[str, set[str]]
) -> None:
    asked = read_query(query)

    assert asked.metrics
    assert asked.metrics.keys() <= exported.keys()
    for name, labels in asked.metrics.items():
        assert labels <= exported[name] | OF_PROMETHEUS, name
    known = set[str]().union(*(exported[name] for name in asked.metrics))
    assert asked.grouped <= known | OF_PROMETHEUS


def samples_declared() -> dict[str, set[str]]:
    """Returns the labels of each sample that is documented, by its name."""
    found = dict[str, set[str]]()
    for metric in METRICS:
        labels = set(metric.labels)
        if isinstance(metric, Histogram):
            found |= {f"{metric.name}_{each}": labels for each in ("sum", "count")}
            found[f"{metric.name}_bucket"] = labels | {"le"}
        else:
            found[metric.name] = labels
    return found


def test_a_server_exports_what_is_documented_and_nothing_else(
    exported: Mapping[str, set[str]],
) -> None:
    assert exported == samples_declared()


def test_pages_name_only_metrics_that_there_are() -> None:
    names = samples_declared().keys() | {metric.name for metric in METRICS}

    named = set[str]()
    for page in (ROOT / "docs" / "operating").glob("*.md"):
        named |= set(METRIC_NAME.findall(page.read_text(encoding="utf-8")))

    assert "wallet_relay_active" in named
    assert named <= names


@pytest.mark.parametrize("wrong", ["sum(rate(wallet_ready))", "sum(wallet_ready", "a + b[5m]"])
def test_what_is_no_query_would_be_noticed(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_query(wrong)


def test_a_dashboard_has_nothing_that_grafana_does_not_know() -> None:
    known = json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard())))

    assert list(unknown_in(dashboard(), known)) == []


def unknown_in(own: object, known: object, path: str = "") -> Iterator[str]:
    """Yields what was lost where Grafana's own types read a dashboard and wrote it again."""
    match own, known:
        case dict() as ours, dict() as others:
            for name, value in ours.items():
                yield from unknown_in(value, others.get(name, ...), f"{path}.{name}")
        case [*ours], [*others] if len(ours) == len(others):
            for place, (one, other) in enumerate(zip(ours, others, strict=True)):
                yield from unknown_in(one, other, f"{path}[{place}]")
        case _ if own != known:
            yield path
        case _:
            return


def test_every_panel_says_what_it_shows_of_the_servers_that_are_chosen() -> None:
    ids = [panel["id"] for panel in dashboard()["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in panels():
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["datasource"]["uid"] == "${datasource}"
        assert panel["fieldConfig"]["defaults"]["unit"]
        for target in panel["targets"]:
            for labels in read_query(target["expr"]).metrics.values():
                assert {"job", "instance"} <= labels, panel["title"]
            assert "[" not in target["expr"].replace("[$__rate_interval]", "")


def test_no_panel_lies_over_another() -> None:
    taken = set[tuple[int, int]]()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_every_alert_says_how_bad_it_is_and_what_helps() -> None:
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    helped = HELP.read_text(encoding="utf-8")
    for rule in rules():
        assert rule.keys() - {"for"} == {"alert", "expr", "labels", "annotations"}
        assert rule["alert"].startswith("Wallet")
        assert rule["labels"].keys() == {"severity"}
        assert rule["labels"]["severity"] in SEVERITIES
        assert rule["annotations"].keys() == {"summary", "description"}
        assert DURATION.fullmatch(rule.get("for", "1m"))
        assert f"\n### {rule['alert']}\n" in helped, rule["alert"]
    assert helped.count("\n### Wallet") == len(rules())
