"""The plan: what would be done, as values, as a document, and as a file that was reviewed."""
