"""What every store of blobs does."""

import hashlib
import io
import os
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event

import pytest

from entrepot_core.errors import BlobDamaged
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blob, Blobs, InUse, Leavings

CONTENT = b"a,b\n1,2\n"
MUCH = CONTENT * (1 << 20)
"""As much as is worth bringing to the disk early."""
NO_DIGEST = Digest("0" * 64)


def digest_of(content: bytes) -> Digest:
    return Digest(hashlib.sha256(content).hexdigest())


def keep(blobs: Blobs, content: bytes) -> Blob:
    with blobs.stage() as staged:
        staged.write(content)
        return blobs.keep(staged)


def nothing() -> AbstractSet[Digest]:
    """What is in use when nothing is."""
    return frozenset()


def swept(blobs: Blobs, in_use: InUse = nothing) -> set[Digest]:
    """Sweep, and tell which blobs that removed."""
    return {blob.digest for blob in blobs.sweep(in_use).blobs}


def read(blobs: Blobs, digest: Digest) -> bytes:
    with blobs.open(digest) as file:
        return file.read()


class BlobsContract:
    """The facts; a subclass gives the fixture ``blobs``."""

    @pytest.fixture
    def blobs(self) -> Blobs | Iterator[Blobs]:
        raise NotImplementedError

    def test_what_is_kept_is_found_under_its_sha256(self, blobs: Blobs) -> None:
        assert keep(blobs, CONTENT) == Blob(digest_of(CONTENT), len(CONTENT))
        assert read(blobs, digest_of(CONTENT)) == CONTENT

    def test_no_bytes_are_a_blob_too(self, blobs: Blobs) -> None:
        assert keep(blobs, b"") == Blob(digest_of(b""), 0)
        assert read(blobs, digest_of(b"")) == b""

    def test_chunks_are_joined(self, blobs: Blobs) -> None:
        chunks = [os.urandom(size) for size in (1, 70_000, 3, 0, 300_000)]
        with blobs.stage() as staged:
            sizes: list[int] = []
            for chunk in chunks:
                staged.write(chunk)
                sizes.append(staged.size)
            blob = blobs.keep(staged)
        assert sizes == [1, 70_001, 70_004, 70_004, 370_004]
        assert read(blobs, blob.digest) == b"".join(chunks)

    def test_what_others_write_into_the_file_counts(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(b"head,")
            staged.file.seek(0, io.SEEK_END)
            staged.file.write(b"body,")
            assert staged.size == 10
            staged.write(b"tail")
            staged.file.seek(0)
            staged.file.write(b"H")
            assert blobs.keep(staged) == Blob(digest_of(b"Head,body,tail"), 14)

    def test_what_others_write_past_python_counts(self, blobs: Blobs) -> None:
        """As native libraries do, which write to the file's descriptor."""
        with blobs.stage() as staged:
            staged.write(b"head")
            os.pwrite(staged.file.fileno(), b"body", 4)
            assert staged.size == 8
            staged.write(b"tail")
            assert blobs.keep(staged) == Blob(digest_of(b"headbodytail"), 12)

    def test_the_file_can_be_cut(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(b"abcdef")
            staged.file.truncate(3)
            assert blobs.keep(staged) == Blob(digest_of(b"abc"), 3)

    def test_a_file_that_settles_is_kept_with_all_that_is_written_later(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(MUCH)
            staged.settle()
            staged.write(CONTENT)
            staged.settle()
            staged.file.write(b"X")
            assert read(blobs, blobs.keep(staged).digest) == b"X" + MUCH[1:] + CONTENT

    def test_a_file_that_settles_is_gone_unless_it_is_kept(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(MUCH)
            staged.settle()
        assert blobs.leavings(nothing) == Leavings()

    def test_writing_leaves_the_file_where_it_stands(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(b"abc")
            assert staged.file.read(1) == b"a"
            staged.write(b"def")
            assert staged.file.read() == b"bcdef"

    def test_a_kept_file_can_be_read_until_it_is_closed(self, blobs: Blobs) -> None:
        with blobs.stage() as staged, blobs.stage() as twin:
            for one in (staged, twin):
                one.write(CONTENT)
                assert one.file.read(2) == CONTENT[:2]
                blobs.keep(one)
                assert one.file.read() == CONTENT[2:]
                one.file.seek(0)
                assert one.file.read() == CONTENT
                assert one.size == len(CONTENT)

    def test_a_kept_blob_is_never_written_again(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(CONTENT)
            blob = blobs.keep(staged)
            with suppress(OSError, ValueError):
                staged.file.seek(0)
                staged.file.write(b"X")
                staged.file.flush()
            with suppress(OSError, ValueError):
                os.pwrite(staged.file.fileno(), b"X", 0)
            with suppress(OSError, ValueError):
                staged.write(b"X")
            with suppress(OSError, ValueError):
                staged.file.truncate(1)
        assert read(blobs, blob.digest) == CONTENT

    def test_bytes_that_are_kept_already_can_be_kept_again(self, blobs: Blobs) -> None:
        assert keep(blobs, CONTENT) == keep(blobs, CONTENT)
        assert read(blobs, digest_of(CONTENT)) == CONTENT

    def test_what_was_not_kept_is_gone(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(CONTENT)
        with pytest.raises(BlobDamaged):
            blobs.open(digest_of(CONTENT))

    def test_a_closed_file_is_closed(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            file = staged.file
        staged.close()
        assert file.closed
        with pytest.raises(ValueError, match="closed"):
            staged.write(CONTENT)

    def test_closing_needs_no_room(self, blobs: Blobs) -> None:
        """Bytes that wait in the file's buffer are let go, even those that can't be written."""
        with blobs.stage() as staged:
            staged.file.write(CONTENT)

    @pytest.mark.parametrize("digest", [NO_DIGEST, "", "../../etc/passwd", NO_DIGEST.upper() + "A", "\udcff"])
    def test_what_is_not_there_is_reported(self, blobs: Blobs, digest: str) -> None:
        with pytest.raises(BlobDamaged) as caught:
            blobs.open(Digest(digest))
        assert caught.value.digest == digest

    def test_blobs_open_for_reading_are_seekable_and_independent(self, blobs: Blobs) -> None:
        blob = keep(blobs, CONTENT)
        with blobs.open(blob.digest) as one, blobs.open(blob.digest) as other:
            assert one.seekable()
            one.seek(4)
            assert (one.read(), other.read()) == (CONTENT[4:], CONTENT)

    def test_a_sweep_removes_what_is_not_in_use(self, blobs: Blobs) -> None:
        used, unused = keep(blobs, b"used"), keep(blobs, b"unused")
        assert blobs.leavings(lambda: {used.digest}) == Leavings((unused,))
        assert blobs.sweep(lambda: {used.digest}) == Leavings((unused,))
        with pytest.raises(BlobDamaged):
            blobs.open(unused.digest)
        assert read(blobs, used.digest) == b"used"
        assert blobs.sweep(lambda: {used.digest}) == blobs.leavings(lambda: {used.digest}) == Leavings()

    def test_a_blob_is_spared_until_its_scratch_file_is_closed(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(CONTENT)
            digest = blobs.keep(staged).digest
            assert swept(blobs) == set()
            assert read(blobs, digest) == CONTENT
        assert swept(blobs) == {digest}

    def test_one_of_two_who_keep_the_same_is_enough(self, blobs: Blobs) -> None:
        with blobs.stage() as first, blobs.stage() as second:
            for staged in (first, second):
                staged.write(CONTENT)
                blobs.keep(staged)
                blobs.keep(staged)
            first.close()
            assert swept(blobs) == set()
        assert swept(blobs) == {digest_of(CONTENT)}

    def test_a_blob_that_is_there_is_spared_once_it_is_kept_again(self, blobs: Blobs) -> None:
        keep(blobs, CONTENT)
        with blobs.stage() as staged:
            staged.write(CONTENT)
            blobs.keep(staged)
            assert swept(blobs) == set()

    def test_what_is_recorded_before_its_scratch_file_is_closed_is_never_swept(self, blobs: Blobs) -> None:
        """Even where that happens while the sweep looks around."""
        recorded: set[Digest] = set()
        with blobs.stage() as staged:
            staged.write(CONTENT)
            digest = blobs.keep(staged).digest

            def record_meanwhile() -> AbstractSet[Digest]:
                recorded.add(digest)
                return recorded.copy()

            assert swept(blobs, record_meanwhile) == set()
        assert swept(blobs, lambda: recorded) == set()

    def test_what_was_swept_can_be_kept_again(self, blobs: Blobs) -> None:
        keep(blobs, CONTENT)
        blobs.sweep(nothing)
        assert read(blobs, keep(blobs, CONTENT).digest) == CONTENT

    def test_an_open_blob_outlives_its_removal(self, blobs: Blobs) -> None:
        with blobs.open(keep(blobs, CONTENT).digest) as file:
            assert swept(blobs) == {digest_of(CONTENT)}
            assert file.read() == CONTENT

    def test_a_probe_keeps_nothing(self, blobs: Blobs) -> None:
        blobs.probe()
        assert swept(blobs) == set()

    def test_a_sweep_spares_scratch_files(self, blobs: Blobs) -> None:
        with blobs.stage() as staged:
            staged.write(CONTENT)
            assert blobs.sweep(nothing) == Leavings()
            assert blobs.keep(staged).digest == digest_of(CONTENT)

    def test_bytes_that_match_their_digest_are_not_set_aside(self, blobs: Blobs) -> None:
        digest = keep(blobs, CONTENT).digest
        blobs.set_aside(digest)
        assert read(blobs, digest) == CONTENT

    def test_bytes_that_are_not_there_can_not_be_set_aside(self, blobs: Blobs) -> None:
        with pytest.raises(BlobDamaged):
            blobs.set_aside(digest_of(CONTENT))

    def test_threads_may_keep_the_same_and_different_bytes(self, blobs: Blobs) -> None:
        together = Barrier(8)

        def work(number: int) -> list[Blob]:
            together.wait()
            return [keep(blobs, b"%d" % (each if number % 2 else each + number)) for each in range(20)]

        with ThreadPoolExecutor(8) as pool:
            kept = [blob for blobs_of_one in pool.map(work, range(8)) for blob in blobs_of_one]
        for blob in kept:
            assert digest_of(read(blobs, blob.digest)) == blob.digest

    def test_what_is_recorded_survives_sweeps_at_the_same_time(self, blobs: Blobs) -> None:
        """Threads keep, record and forget the same few blobs, while others sweep all the time."""
        catalogue: dict[int, Digest] = {}
        done = Event()

        def work(number: int) -> None:
            for turn in range(60):
                with blobs.stage() as staged:
                    staged.write(b"%d" % (turn % 5))
                    catalogue[number] = blobs.keep(staged).digest
                assert read(blobs, catalogue[number]) == b"%d" % (turn % 5)
                del catalogue[number]

        def sweep() -> int:
            removed = 0
            while not done.is_set():
                removed += len(swept(blobs, lambda: {*list(catalogue.values())}))
            return removed

        with ThreadPoolExecutor(6) as pool:
            sweeps = [pool.submit(sweep) for _ in range(2)]
            try:
                list(pool.map(work, range(4)))
            finally:
                done.set()
            assert sum(one.result() for one in sweeps) > 0
        blobs.sweep(nothing)
        assert blobs.leavings(nothing) == Leavings()
