"""The statistics of edited versions: made once, however many ask for them at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from attrs import define, evolve

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_core.names import DatasetRef
from entrepot_core.ports.editor import Editor
from entrepot_core.profile import Profile
from entrepot_core.use_cases.local import LocalOperations
from tests.contracts.operations import add


@define
class CountingEditor:
    """An editor that counts how often statistics were made."""

    inner: Editor
    made: int = 0

    def profile(self, *args: Any, **options: Any) -> Profile:  # noqa: ANN401 - those of the inner one
        self.made += 1
        return self.inner.profile(*args, **options)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the other methods are the inner one's
        return getattr(self.inner, name)


def test_the_statistics_of_an_edited_version_are_made_once_for_all_who_ask() -> None:
    with open_home(MEMORY, Settings()) as home:
        editor = CountingEditor(home.driven.editor)
        operations, together = LocalOperations(evolve(home.driven, editor=editor)), Barrier(6)
        dataset = DatasetRef(add(operations).id)
        operations.append_rows(dataset, [{"make": "x"}])

        def ask(_: int) -> int:
            together.wait()
            return operations.get_statistics(dataset).num_examples

        with ThreadPoolExecutor(6) as pool:
            assert set(pool.map(ask, range(6))) == {4}
        assert editor.made == 1
        operations.close()
