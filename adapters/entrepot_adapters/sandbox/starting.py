"""How every worker begins."""

import os
import signal
import sys

import msgspec

from entrepot_adapters.sandbox.spec import Spec


def begun() -> Spec:
    """Take what this worker was told at its start, its last argument, and leave signals to the parent."""
    spec = msgspec.json.decode(sys.argv[1], type=Spec)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it ends this process
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it; the parent is to know
    os.chdir(spec.folder)
    return spec
