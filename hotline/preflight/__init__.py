"""Is everything in place to answer calls? One small function a question, each fault with its mend."""
