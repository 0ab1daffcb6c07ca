"""Every exception to a rule says why, on its own line: `# noqa: X123 - reason`, `# type: ignore[code]  # reason`."""

import re

from tests.architecture.tree import ROOT, text_of, tracked

EXCEPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore|pylint:\s*disable|pragma:\s*no)\b[^#]*(?:#.*)?")
REASON = re.compile(r"(?: - |  # )(?:.*\w){3}")


def test_every_exception_to_a_rule_says_why() -> None:
    here = ROOT / "tests" / "architecture" / "test_exceptions.py"
    silent = [
        f"{path.relative_to(ROOT)}:{number}: {found[0]}"
        for path in tracked()
        if path.suffix == ".py" and path != here
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if (found := EXCEPTION.search(line)) and not REASON.search(found[0])
    ]
    assert silent == []
