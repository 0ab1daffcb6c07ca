"""Makes an OCI bundle of an image, as hard as ``compose.yaml``: ``python bundle.py BUNDLE ROOT HOME PORT``.

BUNDLE is a folder with ``image.json`` (what ``buildah inspect`` says), ROOT the image's files, and HOME the folder that
becomes the volume. The container has the host's network, so that it is called on loopback, and Podman's seccomp
profile where the host has that.
"""

import json
import platform
import sys
from pathlib import Path

PROFILE = Path("/usr/share/containers/seccomp.json")
SECCOMP_NAMES = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}
PROFILE_NAMES = {"x86_64": "amd64", "aarch64": "arm64"}
PROCESSES, MEMORY = 512, 6 * 2**30
FENCED = ["nosuid", "noexec", "nodev"]

Rule = dict[str, object]


def seccomp(profile: dict[str, list[Rule]], machine: str) -> dict[str, object]:
    """Podman's profile as a runtime takes it: for a container without capabilities."""
    kept = ("names", "action", "args", "errnoRet")
    rules = [rule for rule in profile["syscalls"] if _applies(rule, PROFILE_NAMES[machine])]
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "architectures": [SECCOMP_NAMES[machine]],
        "syscalls": [{key: rule[key] for key in kept if rule.get(key) is not None} for rule in rules],
    }


def _applies(rule: Rule, machine: str) -> bool:
    includes = rule.get("includes")
    if not isinstance(includes, dict):
        return True
    return not includes.get("caps") and machine in includes.get("arches", [machine])


def configuration(image: dict[str, list[str]], root: str, home: str, port: str) -> dict[str, object]:
    """What the runtime is told."""
    return {
        "ociVersion": "1.0.2",
        "hostname": "entrepot",
        "root": {"path": root, "readonly": True},
        "process": {
            "user": {"uid": 10001, "gid": 10001},
            "cwd": "/",
            "args": image["Cmd"],
            "env": [*image["Env"], f"ENTREPOT_PORT={port}"],
            "capabilities": {},
            "noNewPrivileges": True,
        },
        "mounts": [
            _mount("/proc", "proc", FENCED),
            _mount("/dev", "tmpfs", ["nosuid", "mode=755", "size=65536k"]),
            _mount("/dev/shm", "tmpfs", [*FENCED, "mode=1777", "size=65536k"]),  # noqa: S108 - the container's own
            _mount("/tmp", "tmpfs", [*FENCED, "mode=1777", "size=256m"]),  # noqa: S108 - likewise
            _mount("/data", "bind", ["bind", "rw", "nosuid", "nodev"], home),
        ],
        "linux": _linux(),
    }


def _linux() -> dict[str, object]:
    settings: dict[str, object] = {
        "namespaces": [{"type": name} for name in ("pid", "ipc", "uts", "mount")],
        "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware"],
        "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        "resources": {"pids": {"limit": PROCESSES}, "memory": {"limit": MEMORY}},
    }
    if PROFILE.exists():
        settings["seccomp"] = seccomp(json.loads(PROFILE.read_text(encoding="utf-8")), platform.machine())
    return settings


def _mount(place: str, kind: str, options: list[str], source: str | None = None) -> dict[str, object]:
    return {"destination": place, "type": kind, "source": source or kind, "options": options}


def main(bundle: str, root: str, home: str, port: str) -> None:
    """Write the bundle's ``config.json``."""
    folder = Path(bundle)
    image = json.loads((folder / "image.json").read_text(encoding="utf-8"))["OCIv1"]["config"]
    text = json.dumps(configuration(image, root, home, port), indent=2)
    (folder / "config.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
