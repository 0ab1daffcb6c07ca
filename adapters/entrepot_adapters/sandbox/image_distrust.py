"""What a worker for images says is believed as far as it can be true: it may be the words of an image."""

from entrepot_adapters.images.geometry import Size
from entrepot_adapters.images.kinds import format_of
from entrepot_adapters.sandbox.distrust import senseless
from entrepot_adapters.sandbox.image_messages import Answer, Failed, Full, Inspect, Made, Render, Seen, Task, TooLarge


def check(answer: Answer, task: Task, source: bytes, target: bytes) -> None:
    """Refuse an answer that is none to what was asked, or can't be true.

    Args:
        answer: It.
        task: What was asked.
        source: The beginning of the image.
        target: The beginning of the rendition.

    Raises:
        ImportCrashed: It is one.
    """
    match answer, task:
        case Seen(format_, width, height), Inspect():
            is_true = format_ == format_of(source) and _is_within((width, height), task)
        case Made(width, height), Render():
            is_true = task.wanted.format == format_of(target) and _is_within((width, height), task)
        case ((Failed() | TooLarge() | Full()), _):
            is_true = True
        case _:
            is_true = False
    if not is_true:
        raise senseless(f"{answer} to {task}")


def _is_within(size: Size, task: Task) -> bool:
    width, height = size
    wide = high = task.max_pixels
    if isinstance(task, Render):
        wide, high = task.wanted.width, task.wanted.height
    return 1 <= width <= wide and 1 <= height <= high and width * height <= task.max_pixels
