"""Journeys through the page in a real browser, against a real server."""

import pytest

pytest.register_assert_rewrite("tests.browser.visit")
