"""Queries per noun: functions on a unit of work."""
