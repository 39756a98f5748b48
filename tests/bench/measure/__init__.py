"""Measures the product beside yardsticks; see tests/bench/README.md."""
