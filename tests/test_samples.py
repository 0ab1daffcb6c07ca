import csv
import json
from importlib.resources import files
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"


def test_the_cars_are_those_of_the_demo() -> None:
    assert (SAMPLES / "cars.csv").read_bytes() == (files("entrepot") / "samples" / "cars.csv").read_bytes()


def test_the_cars_in_json_are_those_in_csv() -> None:
    with (SAMPLES / "cars.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    twins = json.loads((SAMPLES / "cars.json").read_bytes(), parse_float=str, parse_int=str)
    for row, twin in zip(rows, twins, strict=True):
        assert list(row) == list(twin)
        assert all(_as_csv(twin[name]).rstrip("0") == row[name].rstrip("0") for name in row)


def test_each_sample_is_explained() -> None:
    told = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in SAMPLES.iterdir() if f"`{path.name}`" not in told] == ["README.md"]


def _as_csv(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case _:
            return str(value)
