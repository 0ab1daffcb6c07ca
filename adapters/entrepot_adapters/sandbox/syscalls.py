"""The system calls that a worker is denied, by their numbers on each kind of processor."""

from typing import NamedTuple

_X86, _ARM = "x86_64", "aarch64"


class Machine(NamedTuple):
    """A kind of processor, as filters of system calls know it.

    Attributes:
        audit: Its number.
        numbers: Those of the system calls, by name.
    """

    audit: int
    numbers: dict[str, int]


NEWEST = 470
"""The newest call that was looked at; those after it are denied as if the kernel were older."""

_BOTH = {
    # by their names: the numbers on x86_64 and aarch64; first those of sockets
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242),
    # processes and programs
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    # other processes: their memory, signals, descriptors
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # and their share of the processors and disks
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "setpriority": (141, 140), "ioprio_set": (251, 30),
    # memory, semaphores and queues that processes share, or that the limit of memory does not count
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semop": (65, 193),
    "semctl": (66, 191), "semtimedop": (220, 192), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181),
    # namespaces, mounts, roots
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "mknod": (133, None), "mknodat": (259, 33), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    # parts of the kernel that nothing here needs, and that were broken out of before
    "bpf": (321, 280), "perf_event_open": (298, 241), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "fanotify_init": (300, 262), "inotify_init": (253, None), "inotify_init1": (294, 26),
    "personality": (135, 92), "modify_ldt": (154, None), "vmsplice": (278, 75),
    # the machine
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "syslog": (103, 116), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None),
}  # fmt: skip

DENIED = frozenset(_BOTH)
"""Denied whatever their arguments."""

_ASKED = {
    "clone": (56, 220), "clone3": (435, 435), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "prlimit64": (302, 261), "prctl": (157, 167),
    "fcntl": (72, 25), "ioctl": (16, 29), "mmap": (9, 222),
}  # fmt: skip
"""Denied by their arguments."""


def _of(place: int) -> dict[str, int]:
    return {name: number for name, each in {**_BOTH, **_ASKED}.items() if (number := each[place]) is not None}


MACHINES = {_X86: Machine(0xC000_003E, _of(0)), _ARM: Machine(0xC000_00B7, _of(1))}
"""What is known of each kind of processor."""
