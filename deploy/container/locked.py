"""Prints the requirements of one group of ``pdm.lock`` with their hashes, for ``pip install --require-hashes``.

``python locked.py default < pdm.lock``. It needs Python alone, so that nothing unlocked comes into an image.
"""

import sys
import tomllib


def requirements(lock: str, group: str) -> list[str]:
    """The locked versions of a group, each with every hash it may have.

    Args:
        lock: The text of ``pdm.lock``.
        group: ``default`` for what Entrepot needs to run, else a dependency group's name.

    Raises:
        ValueError: The lock has no such group.
    """
    found = tomllib.loads(lock)
    if group not in found["metadata"]["groups"]:
        message = f"pdm.lock has no group '{group}'. It has {', '.join(found['metadata']['groups'])}."
        raise ValueError(message)
    wanted = [package for package in found["package"] if group in package["groups"] and "extras" not in package]
    return [_requirement(package) for package in wanted]


def _requirement(package: dict[str, object]) -> str:
    files = package["files"]
    if not isinstance(files, list) or not files:
        message = f"{package['name']} has no hashes in pdm.lock, so it can't be installed with them."
        raise ValueError(message)
    where = f" ; {package['marker']}" if "marker" in package else ""
    hashes = " ".join(f"--hash={file['hash']}" for file in files)
    return f"{package['name']}=={package['version']}{where} {hashes}"


if __name__ == "__main__":
    print("\n".join(requirements(sys.stdin.read(), sys.argv[1])))
