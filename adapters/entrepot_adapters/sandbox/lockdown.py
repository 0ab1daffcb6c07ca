"""Locks this process down, layer by layer; each does what it can, and what holds is told."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from entrepot_adapters.sandbox.kernel import prctl
from entrepot_adapters.sandbox.landlock import restrict
from entrepot_adapters.sandbox.life import die_with
from entrepot_adapters.sandbox.limits import limit_resources
from entrepot_adapters.sandbox.privileges import Confinement, become_nobody, leave_network
from entrepot_adapters.sandbox.reading import allowed
from entrepot_adapters.sandbox.seccomp import filter_calls
from entrepot_adapters.sandbox.spec import Layer, Layers, Spec

_PR_SET_NO_NEW_PRIVS = 38


@contextmanager
def locking_down(spec: Spec) -> Generator[Layers]:
    """Lock this process down around what needs more rights than a job: importing libraries, starting their threads.

    Some layers have to stand before threads start, and some can only come when no file is needed any more.

    Args:
        spec: What to apply.

    Yields:
        Which layers hold; it is complete when this is left.
    """
    held: Layers = {}
    user = os.geteuid()  # in a user namespace this one has no number

    def apply(layer: Layer, act: Callable[[], None]) -> None:
        held[layer] = layer in spec.layers and _succeeds(act)

    apply("pdeathsig", lambda: die_with(spec.parent))
    apply("no_new_privs", lambda: prctl(_PR_SET_NO_NEW_PRIVS, 1))
    apply("network_namespace", leave_network)
    apply("rlimits", lambda: limit_resources(spec.limits))
    apply("landlock", lambda: restrict(allowed(Path(spec.folder))))
    confinement = _confinement(spec, held)
    yield held
    if confinement is not None:
        apply("filesystem_root", confinement.confine)
    if "uid" in spec.layers:
        with suppress(OSError):
            become_nobody()
    held["uid"] = user or os.geteuid()
    apply("pdeathsig", lambda: die_with(spec.parent))  # again: who changes his rights is untied
    apply("seccomp", filter_calls)


def _confinement(spec: Spec, held: Layers) -> Confinement | None:
    if "filesystem_root" not in spec.layers:
        held["filesystem_root"] = False
        return None
    return Confinement(Path(spec.folder), has_namespace=bool(held["network_namespace"]))


def _succeeds(act: Callable[[], None]) -> bool:
    try:
        act()
    except (OSError, ValueError):
        return False
    return True
