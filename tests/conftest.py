"""For all tests: hypothesis draws the same examples each time, and many more under `make drill`."""

import os

from hypothesis import settings

settings.register_profile("fast", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("drill", deadline=None, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
