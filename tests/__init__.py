"""Tests, and the small builders they share."""
