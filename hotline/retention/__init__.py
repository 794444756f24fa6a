"""How long everything is kept, and how a person's words are destroyed."""
