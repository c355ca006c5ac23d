"""Benchmarks: everything side by side in one run; what is printed is what was measured, never a target."""
