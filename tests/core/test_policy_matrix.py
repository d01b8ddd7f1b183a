"""Runs every row of the policy matrix."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.core.rules import auto, choice, destinations, policy, ratio
from tests.core.world import World, vector
from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.config.policy import FundingMode, SourceDestinations
from wallet_server.core.config.provider_profile import PayoutBasis, ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.shapes import load_shape

MATRIX = Path(__file__).with_name("policy_matrix.md")
BASES = {"GROSS": PayoutBasis.GROSS, "NET": PayoutBasis.NET_OF_FREEBET}
PROVIDER = "provider"


@dataclass(frozen=True)
class Row:
    """A row as it is written."""

    case: str
    provider_type: str
    mode: str
    chosen: str
    plan: str
    basis: str
    holds: str
    stake: int
    paid_by: str
    steps: list[str]
    posts: list[str]


def rows() -> list[Row]:
    """Returns the rows of all tables whose columns are those of a row."""
    lines = [line for line in MATRIX.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [
        [cell.strip() for cell in line[1:-1].split("|")] for line in lines if line.count("|") == 12
    ]
    return [
        Row(
            case,
            kind,
            mode,
            chosen,
            plan,
            basis,
            holds,
            int(stake),
            paid_by,
            listed(steps),
            listed(posts),
        )
        for case, kind, mode, chosen, plan, basis, holds, stake, paid_by, steps, posts in cells
        if stake.isdigit()
    ]


def listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def amounts(text: str) -> dict[str, int]:
    """Returns what `SN -30 O:SN +30` says; `-` says nothing."""
    words = text.split()
    return {} if text == "-" else dict(zip(words[::2], map(int, words[1::2]), strict=True))


def mode_of(text: str) -> FundingMode:
    kind, *words = text.split()
    pairs = [word.partition(":") for word in words]
    match kind:
        case "AUTO":
            return auto(*words)
        case "CHOICE":
            return choice(**{name: sources.split("+") for name, _, sources in pairs})
        case "TOGETHER":
            return ratio(**{source: int(weight or 0) for source, _, weight in pairs})
        case _:
            raise ValueError(text)


def plans_of(text: str) -> list[SourceDestinations]:
    plans: list[SourceDestinations] = []
    for each in text.split():
        source, _, targets = each.partition("→")
        stake, _, rest = targets.partition("/")
        profit, _, cap = rest.partition("≤")
        returned = None if stake == "house" else stake
        plans.append(destinations(source, returned, profit, int(cap) if cap else None))
    return plans


def world_of(row: Row) -> World:
    """Returns a wallet that holds what the row says, under its policy."""
    shape = load_shape("booking") if row.provider_type == "COMMERCE" else ()
    (topology,) = [each for each in shape if isinstance(each, Topology)] or [None]
    buckets = ["SN", "CN", "SB", "CB", "WD"] if topology is None else topology.bucket_by_code
    profile = ProviderProfile(
        PROVIDER, row.provider_type, payout_basis=BASES[row.basis], rollback_after_settle=True
    )
    rules = policy(row.provider_type, mode_of(row.mode), *plans_of(row.plan), buckets=buckets)
    words = row.holds.split()
    holds = ", ".join(f"{a} {b}" for a, b in zip(words[::2], words[1::2], strict=True))
    return World(holds, *shape, rules, profile)


def take(world: World, step: str, version: int) -> str:
    """Takes one step of a row."""
    match step.split():
        case ["back"]:
            return world.roll_back(provider=PROVIDER)
        case ["unsettle"]:
            return world.unsettle(version, provider=PROVIDER)
        case ["spend", code, amount]:
            return world.adjust(-int(amount), code)
        case words:
            return settle(world, words, version)


def settle(world: World, words: list[str], version: int) -> str:
    """Gives the result that the words say, such as `a/40 refund 10 pay 30`."""
    portion, stake = "", None
    if words[0] not in {"pay", "lose", "void", "refund"}:
        portion, _, size = words.pop(0).partition("/")
        stake = int(size) if size else None
    said = dict(zip(words[::2], map(int, words[1::2]), strict=False))
    kinds = {"void": ResultKind.VOID, "lose": ResultKind.LOST, "pay": ResultKind.WON}
    kind = next(kinds[word] for word in words if word in kinds)
    return world.settle(
        said.get("pay", 0),
        version=version,
        portion=portion,
        stake=stake,
        refund=said.get("refund"),
        kind=kind,
        provider=PROVIDER,
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.provider_type} {row.case}")
def test_a_bet_posts_what_the_matrix_says(row: Row) -> None:
    world = world_of(row)
    held = world.balances

    outcome = world.authorize(row.stake, provider=PROVIDER, selected=row.chosen)

    if row.paid_by.endswith(("FUNDS", "REQUIRED", "ALLOWED")):
        assert (outcome, world.balances) == (row.paid_by, held)
        return
    paid = amounts(row.paid_by)
    assert world.posted == {
        **{a: -n for a, n in paid.items()},
        **{f"O:{a}": n for a, n in paid.items()},
    }
    expected = {**held}
    add(expected, world.posted)
    for version, (step, posts) in enumerate(zip(row.steps, row.posts, strict=True), start=1):
        assert take(world, step, version) == "APPLIED"
        assert world.posted == amounts(posts), step
        assert sum(world.posted.values()) == 0
        add(expected, amounts(posts))
        assert world.balances == {
            a: n for a, n in expected.items() if n and a not in {"GAME", "H:ADJUST"}
        }


def add(balances: dict[str, int], changes: dict[str, int]) -> None:
    for account, change in changes.items():
        balances[account] = balances.get(account, 0) + change


def test_the_house_plays_on_the_account_of_the_provider_type() -> None:
    world = World("CN 50")

    world.authorize(50, provider="slots")
    world.settle(0, provider="slots")

    accounts = {change.account for change in world.entry.changes}
    assert accounts == {"open:CN", "H:GAME:SLOTS"}
    assert world.balances == vector("")


def test_the_matrix_is_as_large_as_it_was_promised() -> None:
    assert len(rows()) >= 60
    assert {row.provider_type for row in rows()} == {"SPORTS", "SLOTS", "LIVE", "COMMERCE"}
