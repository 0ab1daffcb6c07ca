import csv
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageOps

SAMPLES = Path(__file__).parent.parent / "samples"
SHOWROOM = SAMPLES / "showroom"
ORIENTATION = 0x0112


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


def test_each_car_of_the_showroom_has_its_picture_and_each_picture_its_car() -> None:
    with (SHOWROOM / "cars.csv").open(encoding="utf-8", newline="") as file:
        cars = list(csv.DictReader(file))
    assert list(cars[0]) == ["id", "title", "description", "make", "year", "price", "image"]
    pictures = sorted(path.name for path in SHOWROOM.iterdir() if path.suffix != ".csv")
    assert (sorted(car["image"] for car in cars), len(pictures)) == (pictures, 12)


def test_the_showroom_is_that_of_the_demo() -> None:
    for path in SHOWROOM.iterdir():
        assert path.read_bytes() == (files("entrepot") / "samples" / "showroom" / path.name).read_bytes()


def test_the_pictures_of_the_showroom_are_small_and_of_each_kind() -> None:
    found = Counter[str]()
    sizes = [path.stat().st_size for path in SHOWROOM.iterdir()]
    for path in SHOWROOM.glob("*.[!c]*"):
        with Image.open(path) as image:
            assert f".{image.format}".lower().replace("jpeg", "jpg") == path.suffix
            is_turned = image.getexif().get(ORIENTATION) == 6
            found[f"{image.format}{' turned' * is_turned}{' transparent' * image.has_transparency_data}"] += 1
            width, height = ImageOps.exif_transpose(image).size
        assert 1.5 < width / height < 2
    assert found == {"JPEG": 9, "JPEG turned": 1, "PNG transparent": 1, "WEBP": 1}
    assert (max(sizes) < 80_000, sum(sizes) < 700_000) == (True, True)


def _as_csv(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case _:
            return str(value)
