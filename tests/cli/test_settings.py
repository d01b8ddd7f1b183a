"""Settings: where they come from, what is refused, and that they are documented."""

from dataclasses import fields
from pathlib import Path

import pytest

from wallet_server.execution.settings import AdministrationSettings, DueWorkSettings, EngineSettings
from wallet_server.serving import metrics_table
from wallet_server.settings import Settings, SettingsError, read_settings
from wallet_server.settings_problems import find_unknown_names
from wallet_server.settings_table import page

METRICS = Path(__file__).parents[2] / "docs" / "reference" / "metrics.md"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


def test_the_page_of_settings_is_what_the_code_says() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == page()


def test_an_option_beats_the_environment_which_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wallet.toml"
    file.write_text("lanes_count = 1\nattempts_max = 1\nbatch_commands_max = 1\n")
    monkeypatch.setenv("WALLET_ATTEMPTS_MAX", "2")
    monkeypatch.setenv("WALLET_LANES_COUNT", "2")

    settings = read_settings(file, lanes_count=3, batch_commands_max=None)

    assert settings.lanes_count == 3
    assert settings.attempts_max == 2
    assert settings.batch_commands_max == 1


def test_a_file_may_be_yaml(tmp_path: Path) -> None:
    file = tmp_path / "wallet.yaml"
    file.write_text("listen_port: 5\nlog_format: text\n")

    settings = read_settings(file)

    assert (settings.listen_port, settings.log_format.value) == (5, "TEXT")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("listen_port", 65_536),
        ("listen_host", "everywhere"),
        ("lanes_count", 0),
        ("lanes_count", 65),
        ("batch_commands_max", 1025),
        ("lane_queue_commands_max", 0),
        ("request_bytes_max", 1023),
        ("drain_seconds", 0),
        ("page_token_secret", "short"),
        ("log_level", "LOUD"),
        ("lane_count", 1),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings(None, **{name: value})


def test_everything_wrong_is_told_at_once_and_no_secret_with_it() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings(None, lanes_count=0, attempts_max=0, page_token_secret="my-secret")

    assert len(str(error.value).splitlines()) == 3
    assert "my-secret" not in str(error.value)


@pytest.mark.parametrize("text", ["lanes_count = ", "lanes_count = 'many'", "unknown = 1"])
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "wallet.toml"
    file.write_text(text)

    with pytest.raises(SettingsError):
        read_settings(file)


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("10.0.0.1", False)],  # noqa: S104 - only told apart.
)  # fmt: skip
def test_loopback_is_told_from_the_network(host: str, is_loopback: bool) -> None:
    assert read_settings(None, listen_host=host).is_loopback is is_loopback


def test_every_limit_of_the_engine_is_a_setting_with_the_same_default() -> None:
    settings = read_settings()

    assert settings.for_engine() == EngineSettings()
    assert settings.for_due_work() == DueWorkSettings()
    assert settings.for_administration() == AdministrationSettings()
    groups = (EngineSettings, DueWorkSettings, AdministrationSettings)
    limits = {field.name for group in groups for field in fields(group)}
    assert limits - Settings.model_fields.keys() == {"expects_peers"}


def test_secrets_do_not_show() -> None:
    assert "hunter2" not in repr(read_settings(None, database_url="postgresql://x:hunter2@y/z"))


def test_a_name_that_is_misspelt_in_the_file_is_called_unknown(tmp_path: Path) -> None:
    file = tmp_path / "wallet.toml"
    file.write_text("lane_count = 1\n")

    with pytest.raises(SettingsError) as error:
        read_settings(file)

    assert str(error.value) == "lane_count: unknown setting"


@pytest.mark.parametrize("name", ["database_url", "owner_database_url"])
def test_what_is_no_url_is_refused_without_its_password(name: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_settings(None, **{name: "mysql://a:hunter2@b/c"})

    assert str(error.value).startswith(f"{name}: must be a URL such as postgresql://")
    assert "hunter2" not in str(error.value)


def test_a_name_in_the_environment_that_looks_like_a_setting_is_found() -> None:
    environment = ["PATH", "WALLETS", "WALLET_LANES_COUN", "wallet_listen_prt"]
    settings = ["WALLET_LANES_COUNT", "wallet_log_level", "WALLET_CONFIG"]
    of_kubernetes = [
        "WALLET_SERVICE_HOST",
        "WALLET_SERVICE_PORT",
        "WALLET_SERVICE_PORT_GRPC",
        "WALLET_PORT",
        "WALLET_PORT_50051_TCP_ADDR",
        "WALLET_SERVER_PORT_50051_TCP",
    ]

    unknown = find_unknown_names(
        [*environment, *settings, *of_kubernetes], settings=Settings.model_fields
    )

    assert unknown == ["WALLET_LANES_COUN", "wallet_listen_prt"]


def test_the_reference_of_metrics_is_that_of_the_code() -> None:
    assert METRICS.read_text(encoding="utf-8") == metrics_table.page()
