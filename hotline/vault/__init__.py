"""Keys, encrypted columns and files, the blind index of numbers, the audit trail."""
