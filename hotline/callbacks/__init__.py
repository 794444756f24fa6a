"""Calling back: who rang and hung up, who asked for it, and who is called by staff."""
