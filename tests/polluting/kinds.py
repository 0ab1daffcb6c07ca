"""All kinds of damage."""

from tests.polluting.clean import CLEAN, joined, lines_of
from tests.polluting.damage import Damage
from tests.polluting.shape import quotes, rows, surroundings
from tests.polluting.values import values
from tests.polluting.writing import encodings, line_ends, marks

KINDS = (
    Damage("none", "the clean file", joined(lines_of(CLEAN)).encode(), CLEAN),
    *marks(),
    *line_ends(),
    *encodings(),
    *surroundings(),
    *rows(),
    *quotes(),
    *values(),
)
