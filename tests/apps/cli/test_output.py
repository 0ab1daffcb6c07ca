"""What a person sees on a terminal."""

import pytest

from entrepot.cli.documents import size_text, spark
from entrepot.cli.text import one_line
from tests.apps.cli.conftest import Run


def test_a_table_fits_the_terminal_and_says_what_it_left_out(cars: Run) -> None:
    shown = cars("rows", "cars", width=30)
    assert max(len(line) for line in shown.out.splitlines()) <= 30
    assert shown.out.splitlines()[0].split() == ["_id", "make", "price", "doors"]
    assert "No room for 1 column;" in shown.err


def test_figures_that_do_not_fit_stand_below(cars: Run) -> None:
    shown = cars("stats", "cars", width=40).out
    assert max(len(line) for line in shown.splitlines()) <= 40
    blocks = [block.splitlines()[0].split() for block in shown.split("\n\n")]
    assert len(blocks) > 1
    assert {block[0] for block in blocks} == {"column"}
    assert [head for block in blocks for head in block[1:]] == cars("stats", "cars").lines[0][1:]


def test_figures_are_rounded_for_people_and_exact_for_pipes(run: Run) -> None:
    run("add", "-", "--name", "x", stdin=b"a\n1\n2\n2\n1234567890\n")
    assert "308641973.75" in run("stats", "x").out
    assert " 308641974 " in run("stats", "x", width=120).out


def test_json_is_laid_out_for_people(cars: Run) -> None:
    assert cars("stats", "cars", "--json").out.count("\n") == 1
    assert '\n  "price": {\n' in cars("stats", "cars", "--json", width=80).out


@pytest.mark.parametrize("words", [["excel", "cars", "-o", "-"], ["export", "cars", "--format", "parquet"]])
def test_bytes_are_not_thrown_at_a_person(cars: Run, words: list[str]) -> None:
    ran = cars(*words, width=80)
    assert (ran.status, ran.out) == (2, "")
    assert "Write a file with -o" in ran.err


def test_nothing_of_the_data_steers_the_terminal_or_breaks_a_line(run: Run) -> None:
    content = 'a\x1b[31m,b\n"\x1b[2Jx\u202ey","1\n2\t3"\n'.encode()
    run("add", "-", "--name", "x", "--title", "t\x1b]0;boo\x07", stdin=content)
    for words in (["rows", "x"], ["show", "x"], ["list"], ["stats", "x", "--all"]):
        for width in (None, 100):
            shown = run(*words, width=width)
            assert {char for char in shown.out + shown.err if not char.isprintable()} <= {"\n", "\t"}
    assert run("rows", "x").lines[1] == ["1", r"\x1b[2Jx\u202ey", r"1\n2\t3"]


def test_long_cells_are_cut_and_wide_characters_counted(run: Run) -> None:
    run("add", "-", "--name", "x", stdin=f"名,b\n{'北' * 50},{'long ' * 50}\n".encode())
    shown = run("rows", "x", width=140).out.splitlines()[1]
    assert "北" * 39 + "…" in shown
    assert "long " * 7 + "long…" in shown


def test_plain_text_stays_as_it_is_on_one_line() -> None:
    assert one_line("naïve 北京 👩\u200d💻") == "naïve 北京 👩\u200d💻"
    assert one_line("a\nb") == r"a\nb"


def test_a_histogram_on_one_line_shows_every_bar_that_is_there() -> None:
    assert spark([0, 1, 1000]) == " ▁█"
    assert spark([]) == ""


def test_sizes_have_three_digits_or_so() -> None:
    shown = ["0 B", "999 B", "1.0 kB", "10.0 MB", "10000.0 TB"]
    assert [size_text(size) for size in (0, 999, 1000, 10**7, 10**16)] == shown
