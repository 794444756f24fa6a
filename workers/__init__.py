"""The background door: RQ workers that keep promises, and the sweep that rings for what is due."""
