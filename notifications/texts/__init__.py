"""Every sentence that a user reads, by topic. Functions rather than keys, so that types check the gaps."""
