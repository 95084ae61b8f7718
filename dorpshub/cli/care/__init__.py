"""The verb of home care."""
