"""What the operating system says of a disk."""

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""The numbers of errors which say that nothing more can be stored: the disk has no room, or the user's quota none."""
