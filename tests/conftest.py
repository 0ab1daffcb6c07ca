"""How the whole suite runs: hypothesis' profiles, and what asserts show."""

import os

import pytest
from hypothesis import HealthCheck, settings

# Contract suites are modules the tests import; without this their failures would not show values.
pytest.register_assert_rewrite("tests.contracts")

# No deadlines: what a shared machine is slow at is no fault of the code. The same examples on every run of the suite,
# so that a red build is red again; `HYPOTHESIS_PROFILE=explore` looks for new ones.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
settings.register_profile(
    "explore", deadline=None, max_examples=1000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
