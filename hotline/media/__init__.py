"""Audio: stored, listened to, made ready for playing."""
