"""What every store of blobs does."""

import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from attrs import define

from entrepot_core.errors import BlobDamaged
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blob, Blobs

HOUR = 3600.0
CONTENT = b"a,b\n1,2\n"
NO_DIGEST = Digest("0" * 64)


@define
class Watch:
    """A clock that a test sets."""

    time: float = 1_700_000_000.0

    def now(self) -> float:
        return self.time


def digest_of(content: bytes) -> Digest:
    return Digest(hashlib.sha256(content).hexdigest())


def keep(blobs: Blobs, content: bytes) -> Blob:
    with blobs.stage() as staged:
        staged.write(content)
        return blobs.keep(staged)


def read(blobs: Blobs, digest: Digest) -> bytes:
    with blobs.open(digest) as file:
        return file.read()


class BlobsContract:
    """The facts; a subclass gives the fixture ``blobs``, which tells the time by the fixture ``watch``."""

    @pytest.fixture
    def watch(self) -> Watch:
        return Watch()

    @pytest.fixture
    def blobs(self, watch: Watch) -> Blobs | Iterator[Blobs]:
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

    def test_a_sweep_removes_what_is_old_and_not_in_use(self, blobs: Blobs, watch: Watch) -> None:
        used, unused = keep(blobs, b"used"), keep(blobs, b"unused")
        watch.time += HOUR + 1
        young = keep(blobs, b"young")
        assert blobs.sweep({used.digest}) == 1
        with pytest.raises(BlobDamaged):
            blobs.open(unused.digest)
        assert (read(blobs, used.digest), read(blobs, young.digest)) == (b"used", b"young")

    def test_an_hour_is_not_over_an_hour(self, blobs: Blobs, watch: Watch) -> None:
        keep(blobs, CONTENT)
        watch.time += HOUR
        assert blobs.sweep(set()) == 0
        watch.time += 1
        assert blobs.sweep(set()) == 1
        assert blobs.sweep(set()) == 0

    def test_keeping_again_counts_for_the_sweep(self, blobs: Blobs, watch: Watch) -> None:
        keep(blobs, CONTENT)
        watch.time += HOUR + 1
        keep(blobs, CONTENT)
        assert blobs.sweep(set()) == 0
        watch.time += HOUR + 1
        assert blobs.sweep(set()) == 1

    def test_what_was_swept_can_be_kept_again(self, blobs: Blobs, watch: Watch) -> None:
        keep(blobs, CONTENT)
        watch.time += HOUR + 1
        blobs.sweep(set())
        assert read(blobs, keep(blobs, CONTENT).digest) == CONTENT

    def test_an_open_blob_outlives_its_removal(self, blobs: Blobs, watch: Watch) -> None:
        with blobs.open(keep(blobs, CONTENT).digest) as file:
            watch.time += HOUR + 1
            assert blobs.sweep(set()) == 1
            assert file.read() == CONTENT

    def test_a_sweep_spares_scratch_files(self, blobs: Blobs, watch: Watch) -> None:
        with blobs.stage() as staged:
            staged.write(CONTENT)
            watch.time += 10 * HOUR
            assert blobs.sweep(set()) == 0
            assert blobs.keep(staged).digest == digest_of(CONTENT)

    def test_threads_may_keep_the_same_and_different_bytes(self, blobs: Blobs) -> None:
        together = Barrier(8)

        def work(number: int) -> list[Blob]:
            together.wait()
            return [keep(blobs, b"%d" % (each if number % 2 else each + number)) for each in range(20)]

        with ThreadPoolExecutor(8) as pool:
            kept = [blob for blobs_of_one in pool.map(work, range(8)) for blob in blobs_of_one]
        for blob in kept:
            assert digest_of(read(blobs, blob.digest)) == blob.digest

    def test_what_is_kept_survives_a_sweep_at_the_same_time(self, blobs: Blobs, watch: Watch) -> None:
        contents = [b"%d" % number for number in range(60)]
        for content in contents:
            keep(blobs, content)
        watch.time += HOUR + 1
        with ThreadPoolExecutor(5) as pool:
            sweeps = [pool.submit(blobs.sweep, set[Digest]()) for _ in range(2)]
            kept = list(pool.map(lambda content: keep(blobs, content), contents))
            swept = sum(sweep.result() for sweep in sweeps)
        assert swept <= len(contents)
        assert [read(blobs, blob.digest) for blob in kept] == contents
