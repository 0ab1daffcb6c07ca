"""Collections and images on the command line: in a folder, and against a server."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from entrepot.cli.app import run as run_program
from tests.apps.cli.conftest import Run
from tests.apps.conftest import FRONT, HERE, SIDE
from tests.sources import Sources

CARS = "id,make,photo\n377,Ada,/front.jpg\n378,Bo,none.jpg\n379,Cy,\n380,Di,not a url\n"


@pytest.fixture(name="source")
def _source(source: Sources) -> Sources:
    """A server of files that has the table, and one of its pictures."""
    source.gives("/cars.csv", CARS.encode())
    return source


@pytest.fixture(params=["folder", "server"])
def shop(request: pytest.FixtureRequest, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The program with an empty store, and a picture in the current folder."""
    monkeypatch.setenv("ENTREPOT_FETCH_ALLOW", HERE)
    place = str(home) if request.param == "folder" else request.getfixturevalue("fetching_server")
    monkeypatch.setenv("ENTREPOT_STORE", place)
    Path("side.jpg").write_bytes(SIDE.content)
    yield run
    for dataset in json.loads(run("list", "--json").out):
        run("remove", dataset["id"])


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory, shared_source: Sources) -> Path:
    """A folder with four cars, to be copied: to add them takes longer than most tests."""
    folder = tmp_path_factory.mktemp("landed") / "home"
    shared_source.gives("/cars.csv", CARS.encode())
    shared_source.gives("/front.jpg", FRONT.content)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        patch.setenv("ENTREPOT_FETCH_ALLOW", HERE)
        assert run_program([*adding(shared_source), "--store", str(folder)]) == 0
    return folder


@pytest.fixture
def cars(shop: Run, home: Path, source: Sources, request: pytest.FixtureRequest) -> Run:
    """The program, with four cars, of which one has its picture."""
    if os.environ["ENTREPOT_STORE"] == str(home):
        shutil.copytree(request.getfixturevalue("landed"), home)
        return shop
    added = shop(*adding(source))
    assert added.status == 0, added.err
    return shop


def adding(source: Sources) -> list[str]:
    return ["add", f"{source.url}/cars.csv", "--image", "photo", "--publish", "--refresh", "1h"]


def digest(run: Run, row: int = 1) -> str:
    items = json.loads(run("images", "cars", "--json").out)["items"]
    return next(str(one["path"]) for one in items if one["row"] == row).split("/")[2]


def test_add_tells_which_images_failed(shop: Run, source: Sources) -> None:
    added = shop("add", f"{source.url}/cars.csv", "--image", "photo", "--publish")
    assert (added.status, added.out) == (0, "cars\t4 rows × 3 columns\t74 B\tversion 1\n")
    first, *ways = added.err.splitlines()
    assert first.startswith("cars: 2 of 3 images failed. The first: row 2, column photo, none.jpg: ")
    assert "404" in first
    assert ways == [
        "See which: entrepot images cars --state failed",
        "Try again: entrepot images cars --retry",
    ]


def test_show_tells_how_a_dataset_is_shown(cars: Run, source: Sources) -> None:
    told = [line.split(":", 1) for line in cars("show", "cars").out.split("\n\n")[0].splitlines()]
    facts = {name: value.strip() for name, value in told}
    assert facts["published"] == "/api/cars/"
    assert facts["images"] == "photo (1 stored, 2 failed, 0 pending)"
    assert (facts["fetched from"], facts["fetched again"]) == (f"{source.url}/cars.csv", "every 1h")


def test_images_are_listed_with_what_is_wrong(cars: Run) -> None:
    listed = cars("images", "cars")
    assert listed.status == 0
    assert listed.lines[0] == ["row", "state", "text", "problem", "column", "pixels", "image"]
    assert listed.lines[1][:6] == ["1", "stored", "/front.jpg", "", "photo", f"{FRONT.width} × {FRONT.height}"]
    assert [line[:3] for line in listed.lines[2:]] == [["2", "failed", "none.jpg"], ["4", "failed", "not a url"]]
    assert listed.lines[2][3].startswith("it answers 404")
    assert listed.err == "2 failed; try them again: entrepot images cars --retry\n"
    failed = cars("images", "cars", "--state", "failed", "--limit", "1")
    assert ([line[0] for line in failed.lines[1:]], failed.err.splitlines()[0]) == (
        ["2"], "1 of 2 images; see more with --limit and --offset.",
    )  # fmt: skip
    page = json.loads(cars("images", "cars", "--offset", "2", "--json").out)
    assert ([one["row"] for one in page["items"]], page["failed"], page["total"]) == ([4], 2, 3)


def test_images_fit_a_terminal(cars: Run) -> None:
    shown = cars("images", "cars", width=80)
    assert [line.split()[:3] for line in shown.out.splitlines()[:2]] == [
        ["row", "state", "text"],
        ["1", "stored", "/front.jpg"],
    ]
    assert "1 column did not fit; see all with --json.\n" in shown.err


def test_a_long_text_is_told_by_its_end_beside_what_is_wrong(shop: Run, source: Sources) -> None:
    far = f"{source.url}/{'deep/' * 20}car-number-seven.jpg"
    shop("add", "-", "--name", "far", "--image", "photo", stdin=f"photo\n{far}\n".encode())
    seen = shop("images", "far", width=80).out.splitlines()
    assert seen[1].split()[2:5] == ["…ep/car-number-seven.jpg", "it", "answers"]
    assert shop("images", "far").lines[1][2] == far


def test_images_are_tried_again(cars: Run, source: Sources) -> None:
    source.gives("/none.jpg", SIDE.content)
    again = cars("images", "cars", "--retry")
    source.gives("/none.jpg", b"", 404)
    assert (again.status, again.out) == (0, "cars\t2 stored\t1 failed\t0 pending\n")
    assert again.err.startswith("cars: 1 of 3 images failed: row 4, column photo, not a url: ")
    assert json.loads(cars("images", "cars", "--retry", "--json").out)["import_report"]["images"]["failed"] == 1


def test_images_are_put_for_rows(cars: Run) -> None:
    put = cars("images", "cars", "--put", "3=side.jpg", "--put", "2=-", "--column", "photo", stdin=FRONT.content)
    assert (put.status, put.out) == (0, "cars\t2 rows changed\tversion 2\n")
    assert digest(cars, 2) == digest(cars, 1)
    refused = cars("images", "cars", "--put", "4=cars.csv")
    assert (refused.status, refused.out) == (4, "")
    assert "can't be taken as an image" in refused.err
    several = cars("images", "cars", "--put", "3=side.jpg", "--put", "4=cars.csv")
    assert (several.status, several.out) == (4, "")
    assert several.err.startswith("entrepot: cars.csv (row 4, column photo) can't be taken as an image: it is a text")
    assert cars("versions", "cars", "--json").out.count('{"version":') == 2
    assert cars("images", "cars", "--put", "9=side.jpg").status == 3
    assert cars("images", "cars", "--put", "4=nothing.jpg").status == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--retry", "--put", "1=side.jpg"], "--retry or --put, not both"),
        (["--column", "photo"], "--column is for --put"),
        (["--no-wait"], "--no-wait is for --retry"),
        (["--put", "side.jpg"], "give a row's number and a file, as 377=photo.jpg"),
        (["--put", "1=side.jpg", "--put", "1=side.jpg"], "give each row once"),
        (["--put", "1=https://ada:secret@example.org/side.jpg"], "'https://example.org/side.jpg': give a file"),
    ],
)
def test_what_makes_no_sense_is_told(run: Run, words: list[str], told: str) -> None:
    refused = run("images", "cars", *words)
    assert refused.status == 2
    assert told in refused.err


def test_a_picture_comes_out(cars: Run, home: Path) -> None:
    assert home.parent.is_dir()
    name = digest(cars)
    written = cars("image", name, "-o", "front.jpg")
    assert (written.out, Path("front.jpg").read_bytes()) == ("front.jpg\n", FRONT.content)
    small = json.loads(cars("image", name, "--rendition", "web", "--format", "jpeg", "-o", "small", "--json").out)
    assert (small["media_type"], small["size"]) == ("image/jpeg", Path("small").stat().st_size)
    assert cars("image", name, "--rendition", "tv").status == 3
    for place, wishes, form in (
        (f"http://127.0.0.1:8000/shop/images/{name}/original", [], "jpeg"),
        (f"/images/{name}/web", [], "webp"),
        (f"/images/{name}/web.jpg?x=1", ["--rendition", "mobile"], "jpeg"),
        (f"/images/{name}/web.jpg", ["--format", "webp"], "webp"),
        (f"images/{name}", [], "jpeg"),
    ):
        written = json.loads(cars("image", place, *wishes, "-o", "seen", "--json").out)
        assert (written["media_type"], Path("seen").stat().st_size) == (f"image/{form}", written["size"])
    assert cars("image", f"/images/{name}/tv").status == 3
    on_terminal = cars("image", name, width=80)
    assert (on_terminal.status, on_terminal.out) == (2, "")
    assert "is no text for a terminal" in on_terminal.err


def test_a_collection_shows_its_items(cars: Run) -> None:
    shown = cars("collection", "cars", "--where", "id__lt=379", "--sort", "-id", "--columns", "id,make")
    assert shown.lines == [["id", "make"], ["378", "Bo"], ["377", "Ada"]]
    page = cars("collection", "cars", "--limit", "2", "--offset", "1")
    assert ([line[0] for line in page.lines], page.err) == (
        ["id", "378", "379"], "items 2 to 3 of 4; see more with --limit and --offset.\n",
    )  # fmt: skip
    items = json.loads(cars("collection", "cars", "mobile", "--json").out)
    assert items[0]["photo"].endswith(f"/images/{digest(cars)}/mobile")
    assert [item["photo"] for item in items[1:]] == [None, None, None]
    assert cars("collection", "cars", "--q", "zed").err == "No item fits.\n"


def test_one_item_is_shown_whole(cars: Run) -> None:
    assert cars("collection", "cars", "--id", "378").lines == [
        ["column", "value"],
        ["id", "378"],
        ["make", "Bo"],
        ["photo", ""],
    ]
    assert json.loads(cars("collection", "cars", "web", "--id", "377", "--json").out)["photo"].endswith("/web")
    missing = cars("collection", "cars", "--id", "tv")
    assert (missing.status, "Its platforms are: web, mobile." in missing.err) == (3, True)
    assert cars("collection", "cars", "--id", "377", "--limit", "5", "--sort", "id").status == 2


def test_how_a_dataset_is_shown_is_edited(cars: Run) -> None:
    assert cars("edit", "cars", "--no-publish", "--refresh", "none").status == 0
    hidden = cars("collection", "cars")
    assert (hidden.status, "once it is published (--publish).\n" in hidden.err) == (3, True)
    document = json.loads(cars("edit", "cars", "--refresh", "90m", "--image", "make", "--image", "photo", "--json").out)
    assert (document["refresh"]["every"], document["images"]) == (5_400, ["make", "photo"])
    assert json.loads(cars("edit", "cars", "--image", "", "--json").out)["images"] == []
    told = cars("images", "cars")
    assert (told.status, told.out) == (0, "")
    assert told.err == "No column of cars is known to hold images. Say which does: entrepot edit cars --image COLUMN\n"
    retried = cars("images", "cars", "--retry")
    assert (retried.status, "Edit the dataset to say which does (--image).\n" in retried.err) == (3, True)
    assert cars("edit", "cars", "--refresh", "often").status == 2
    assert cars("edit", "cars", "--refresh", "5s").status == 2


def test_who_fetches_a_source_again_is_told_of_a_folder(shop: Run, source: Sources, home: Path) -> None:
    told = "cars: its URL is fetched again only while a server runs on this store: entrepot serve"
    added = shop("add", f"{source.url}/cars.csv", "--refresh", "1h")
    is_folder = home.exists()
    assert (told in added.err.splitlines()) == is_folder
    assert (told in shop("edit", "cars", "--refresh", "2h").err.splitlines()) == is_folder
    assert told not in shop("edit", "cars", "--refresh", "none").err
    assert told not in shop("edit", "cars", "--title", "Cars").err
    named = shop("add", f"{source.url}/cars.csv", "--refresh", "1h", "--store", "own home")
    assert f"{told} --store 'own home'" in named.err.splitlines()


def test_where_no_column_looks_like_images_that_is_told(shop: Run) -> None:
    told = "bare: no column looks like images. Say which holds them: entrepot edit bare --image COLUMN\n"
    table = b"make,seen\nAda,front.txt\n"
    assert shop("add", "-", "--name", "bare", "--publish", "--replace", stdin=table).err == told
    assert shop("edit", "bare", "--publish").err == told
    assert shop("edit", "bare", "--publish", "--image", "").err == ""
    assert shop("add", "-", "--name", "other", "--publish", "--image", "seen", stdin=table).err.count("no column") == 0
    assert shop("add", "-", "--name", "another", stdin=table).err == ""


def test_that_a_source_is_fetched_no_more_is_told(cars: Run, source: Sources) -> None:
    told = "cars: it was fetched again every 1h; that ends, as its table comes from no URL now."
    Path("new.csv").write_text("id,make,photo\n1,Ada,\n")
    assert told in cars("replace", "cars", "new.csv").err.splitlines()
    assert told not in cars("replace", "cars", "new.csv").err
    Path("bare.csv").write_text("id,make\n1,Ada\n")
    assert (
        "cars: The column 'photo', which held images, is not there any more." in cars("replace", "cars", "bare.csv").err
    )
    url = f"{source.url}/cars.csv"
    assert told not in cars("add", url, "--name", "cars", "--replace", "--refresh", "1h").err
    assert told not in cars("replace", "cars", url).err
    assert told in cars("add", "new.csv", "--name", "cars", "--replace").err.splitlines()
    cars("add", url, "--name", "cars", "--replace", "--refresh", "1h")
    secret = url.replace("//", "//ada:secret@")
    ended = (
        "cars: it was fetched again every 1h; that ends, as its table comes from a URL whose secrets are not kept now."
    )
    assert ended in cars("replace", "cars", secret).err.splitlines()


def test_a_source_is_fetched_again(cars: Run, source: Sources) -> None:
    same = cars("replace", "cars")
    assert (same.status, same.out.split("\t")[-1], same.err.splitlines()[0]) == (
        0, "version 1\n", "cars: its source has not changed.",
    )  # fmt: skip
    source.gives("/cars.csv", CARS.replace("Bo", "Bob").encode())
    assert cars("replace", "cars").out == "cars\t4 rows × 3 columns\t75 B\tversion 2\n"
    assert cars("replace", "cars", "--delimiter", ";").status == 2
    cars("add", "-", "--name", "own", stdin=b"a\n1\n")
    refused = cars("replace", "own")
    assert (refused.status, "did not come from a URL" in refused.err) == (3, True)


def test_a_server_fetches_while_nobody_waits(run: Run, fetching_server: str, source: Sources) -> None:
    run("add", f"{source.url}/cars.csv", "--name", "later", "--image", "photo", "--store", fetching_server)
    for words in (["images", "later", "--retry"], ["replace", "later"]):
        assert run(*words, "--no-wait").status == 2
        begun = run(*words, "--no-wait", "--store", fetching_server)
        job = begun.out.strip()
        assert (begun.status, begun.err) == (0, f"Follow it: entrepot jobs show {job} --follow\n")
        shown = run("jobs", "show", job, "--follow", "--store", fetching_server)
        assert (shown.status, "succeeded" in shown.out) == (0, True)
    run("edit", "later", "--refresh", "1h", "--store", fetching_server)
    Path("new.csv").write_text("photo\n")
    begun = run("replace", "later", "new.csv", "--no-wait", "--store", fetching_server)
    assert "later: it was fetched again every 1h; that ends, as its table comes from no URL now." in begun.err
    run("jobs", "show", begun.out.strip(), "--follow", "--store", fetching_server)
    run("remove", "later", "--store", fetching_server)
