"""The queue by language, claims, transcripts and their meaning."""
