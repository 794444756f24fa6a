"""Everything in one sealed archive, and back again on an empty machine."""
