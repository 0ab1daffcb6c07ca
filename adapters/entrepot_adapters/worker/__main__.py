"""The worker: reads one job from standard input, does it, answers on standard output, and ends."""

import os
import signal
import sys

import msgspec

from entrepot_adapters.worker.life import die_with
from entrepot_adapters.worker.messages import Job
from entrepot_adapters.worker.work import work


def main() -> None:
    """Do one job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it ends this process
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    die_with(job.parent)
    work(job, answers)


if __name__ == "__main__":
    main()
