"""Facts and their evidence. Importing it makes every topic's tables known to `storage.tables.METADATA`."""

from storage import alarm_tables, meeting_tables, policy_tables, radar_tables, rights_tables

__all__ = ["alarm_tables", "meeting_tables", "policy_tables", "radar_tables", "rights_tables"]
