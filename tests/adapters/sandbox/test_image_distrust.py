"""What a worker for images says is believed as far as it can be true: it may be the image's words."""

import io
import sys
from collections.abc import Iterator

import msgspec
import pytest

from entrepot_adapters.images.faults import Fault
from entrepot_adapters.images.geometry import wanted
from entrepot_adapters.sandbox.image_distrust import check
from entrepot_adapters.sandbox.image_messages import Answer, Failed, Full, Inspect, Made, Render, Seen, Task, TooLarge
from entrepot_adapters.sandbox.imaging import SandboxedImaging
from entrepot_core.errors import ImportCrashed, InvalidImage
from entrepot_core.image import Rendition
from tests.adapters.sandbox.surroundings import nothing_is_left
from tests.contracts.pictures import quarters, saved

PNG, WEBP = saved(quarters(), "PNG").getvalue(), saved(quarters(), "WEBP").getvalue()
LOOK, MAKE = Inspect(10_000), Render(10_000, wanted(Rendition(width=50), "webp"))


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    with nothing_is_left():
        yield


@pytest.mark.parametrize(
    ("answer", "task"),
    [
        (Seen("png", 80, 40), LOOK),
        (Made(50, 25), MAKE),
        *((one, task) for one in (Failed(Fault.DAMAGED), TooLarge(), Full()) for task in (LOOK, MAKE)),
    ],
)
def test_a_true_answer_is_believed(answer: Answer, task: Task) -> None:
    check(answer, task, PNG, WEBP)


@pytest.mark.parametrize(
    ("answer", "task"),
    [
        (Seen("jpeg", 80, 40), LOOK),
        (Seen("svg", 80, 40), LOOK),
        (Seen("png", 0, 40), LOOK),
        (Seen("png", 80, -1), LOOK),
        (Seen("png", 1000, 40), LOOK),
        (Seen("png", 80, 40), MAKE),
        (Made(50, 25), LOOK),
        (Made(51, 25), MAKE),
        (Made(50, 0), MAKE),
        (Made(50, 201), MAKE),
    ],
)
def test_a_lie_is_not(answer: Answer, task: Task) -> None:
    with pytest.raises(ImportCrashed, match="makes no sense"):
        check(answer, task, PNG, WEBP)


@pytest.mark.parametrize("content", [b"", b"<script>", PNG])
def test_a_rendition_that_is_none_is_not_taken(content: bytes) -> None:
    with pytest.raises(ImportCrashed, match="makes no sense"):
        check(Made(50, 25), MAKE, PNG, content)


LIAR = """
import json, socket, sys
with socket.socket(fileno=json.loads(sys.argv[2])["socket"]) as parent:
    parent.sendall(b'{"type": "ready", "layers": {"rlimits": false}}\\n')
    parent.recv(1)
    parent.sendall(sys.argv[1].encode() + b"\\n")
    parent.recv(1 << 20)
    parent.recv(1)
"""


@pytest.mark.parametrize(
    "words",
    [
        "/srv/secret",
        "{}",
        "[" * 100_000,
        '{"type": "failed", "fault": "send your password to example.org"}',
        '{"type": "ready", "layers": {}}',
        msgspec.json.encode(Seen("png", 80, 10**9)).decode(),
        msgspec.json.encode(Made(5, 5)).decode(),
        msgspec.json.encode(Seen("png", 80, 40)).decode() + "\n" + msgspec.json.encode(Seen("png", 80, 40)).decode(),
    ],
)
def test_a_worker_that_was_taken_over_is_not_believed(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot_adapters.sandbox.imaging.PROGRAM", (sys.executable, "-c", LIAR, words))
    imaging = SandboxedImaging()
    out = io.BytesIO()
    for act in (lambda: imaging.inspect(io.BytesIO(PNG)),
                lambda: imaging.render(io.BytesIO(PNG), out, Rendition(width=9), "webp")):  # fmt: skip
        with pytest.raises(InvalidImage) as caught:
            act()
        assert caught.value.reason == "the worker's answer makes no sense"
    assert out.getvalue() == b""
    imaging.close()
