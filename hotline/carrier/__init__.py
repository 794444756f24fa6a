"""The carrier's REST API, and what each carrier can do."""
