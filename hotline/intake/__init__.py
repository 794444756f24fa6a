"""What came in: lines, contacts, calls and their steps, messages, reports."""
