import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.setting_values import read_size
from entrepot.settings import Settings, load_settings, read_dotenv
from entrepot_core.errors import InvalidOption
from tests.architecture.tree import ROOT

NOWHERE = Path("/nowhere/.env")


def load(**variables: str) -> Settings:
    return load_settings({f"ENTREPOT_{name}": value for name, value in variables.items()}, NOWHERE)


def test_without_variables_the_defaults_are_those_of_development() -> None:
    assert load() == Settings()
    assert load().env == "development"


def test_the_defaults_go_by_the_environment_and_a_variable_wins_over_them() -> None:
    assert load(ENV="production").log_format == "json"
    assert load(ENV="staging").workers == 2
    assert load(ENV="production", LOG_FORMAT="console").log_format == "console"


def test_variables_win_over_the_dotenv_file_and_that_over_the_defaults(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        "ENTREPOT_PORT=1\nENTREPOT_HOST='::1'\nexport ENTREPOT_ENV=staging # here\nOTHER=x\n# a comment\n"
    )
    settings = load_settings({"ENTREPOT_PORT": "2"}, dotenv)
    assert (settings.port, settings.host, settings.env, settings.workers) == (2, "::1", "staging", 2)


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert load(PORT=" ").port == Settings().port


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ENV", "prod"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "８０８０"),  # noqa: RUF001 - digits that int() takes and people don't mean
        ("WORKERS", "0"),
        ("ALLOW_ORIGINS", "app.example.org"),
        ("ALLOW_ORIGINS", "https://app.example.org/"),
        ("ALLOW_ORIGINS", "https://me@app.example.org"),
        ("ALLOW_ORIGINS", "https://a.org,,https://b.org"),
        ("ALLOW_ORIGINS", "https://*.example.org"),
        ("ALLOW_ORIGINS", "https://a.org,*"),
        ("ALLOW_ORIGINS", "null"),
        ("ALLOW_ORIGINS", "http://a.org:0"),
        ("ALLOW_ORIGINS", "http://a.org:65536"),
        ("ALLOW_ORIGINS", "ftp://a.org"),
        ("ALLOW_ORIGINS", "http://[::1"),
        ("ALLOW_ORIGINS", "http://[1:2]"),
        ("MAX_UPLOAD_BYTES", "lots"),
        ("MAX_UPLOAD_BYTES", "0"),
        ("MAX_ROWS", "some"),
        ("MAX_COLUMNS", "none"),
        ("SANDBOX", "maybe"),
        ("IMPORT_WORKERS", "0"),
        ("IMPORT_MEMORY_BYTES", "255MB"),
        ("IMPORT_SECONDS", "none"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(InvalidOption, match=f"ENTREPOT_{variable}"):
        load(**{variable: value})


def test_networks_are_read_one_by_one() -> None:
    assert load(FETCH_ALLOW="10.0.0.0/8, ::1 ,127.0.0.1").fetch_allow == "10.0.0.0/8,::1/128,127.0.0.1/32"
    assert load(FETCH_ALLOW="None").fetch_allow is None


@pytest.mark.parametrize("text", ["10.0.0.1/8", "localhost", "10.0.0.0/8;::1", "10.0.0.0/8,", "*"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption, match=r"ENTREPOT_FETCH_ALLOW.*give networks like"):
        load(FETCH_ALLOW=text)


def test_origins_are_written_as_browsers_write_them() -> None:
    given = "HTTPS://App.Example.org:443, http://localhost:5173,http://[0::1]:80,https://app.example.org"
    assert load(ALLOW_ORIGINS=given).allow_origins == "https://app.example.org,http://localhost:5173,http://[::1]"
    assert load(ALLOW_ORIGINS=" * ").allow_origins == "*"
    assert load(ALLOW_ORIGINS="none").allow_origins is None


def test_an_unknown_variable_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="ENTREPOT_PROT is not a setting"):
        load(PROT="8000")


@pytest.mark.parametrize("line", ["no assignment", "1A=2", "=x"])
def test_a_line_of_a_dotenv_file_that_is_no_assignment_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"# fine\n{line}\n")
    with pytest.raises(InvalidOption, match=r"\.env line 2"):
        read_dotenv(tmp_path / ".env")


def test_a_dotenv_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff\xfe")
    with pytest.raises(InvalidOption, match="can't be read"):
        read_dotenv(tmp_path / ".env")


@given(st.integers(1, 10**15))
def test_a_bare_number_is_a_number_of_bytes(size: int) -> None:
    assert read_size("X", str(size)) == size


@pytest.mark.parametrize(
    ("text", "size"),
    [("200MB", 200 * 10**6), ("1.5 GiB", 3 * 2**29), ("10_000", 10_000), ("4k", 4000), ("1tb", 10**12), ("7B", 7)],
)
def test_a_size_has_a_unit(text: str, size: int) -> None:
    assert read_size("X", text) == size


def test_what_is_shown_has_no_password() -> None:
    shown = load(STORE="https://ada:secret@data.example:8443/x").shown()
    assert shown["ENTREPOT_STORE"] == "https://data.example:8443/x"
    assert "secret" not in str(shown)


def test_a_tilde_is_the_users_own_folder() -> None:
    assert load(STORE="~/data").store == str(Path("~/data").expanduser())


def test_the_example_file_has_every_setting_with_its_default(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text()
    named = re.findall(r"^#(ENTREPOT_\w+)=", example, re.MULTILINE)
    assert named == [f"ENTREPOT_{name.upper()}" for name in Settings.__struct_fields__]
    (tmp_path / ".env").write_text(re.sub(r"^#(ENTREPOT_)", r"\1", example, flags=re.MULTILINE))
    settings = load_settings({}, tmp_path / ".env")
    assert msgspec.structs.replace(settings, store=Settings().store) == Settings()
