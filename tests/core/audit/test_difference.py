"""How findings are told."""

from wallet_server.core.audit.difference import Check, Finding


def test_a_finding_becomes_a_difference_of_its_wallet() -> None:
    difference = Finding(Check.BALANCE, "bkt:SN", "5 is stored").at("demo/ann/EUR")

    assert str(difference) == "BALANCE demo/ann/EUR bkt:SN: 5 is stored"
