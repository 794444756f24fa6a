"""Menu trees as staff change them: versions, what is live, where callers go."""
