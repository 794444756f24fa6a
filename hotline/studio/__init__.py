"""The prompt studio: who recorded what, a second person's approval, what callers hear of it."""
