"""Asks the server in this container whether it is well: exit status 0 when it is, else 1 with its answer."""

import os
import sys
from http.client import HTTPConnection, HTTPException

SECONDS = 4
OK = 200


def main() -> int:
    """Ask ``/health`` on this machine, at the port that the server is told to listen at."""
    asked = HTTPConnection("127.0.0.1", int(os.environ["ENTREPOT_PORT"]), timeout=SECONDS)
    try:
        asked.request("GET", "/health")
        answer = asked.getresponse()
        print(answer.status, answer.read().decode("utf-8", "replace"))
    except (OSError, HTTPException) as error:
        print(f"no answer: {error}")
        return 1
    return 0 if answer.status == OK else 1


if __name__ == "__main__":
    sys.exit(main())
