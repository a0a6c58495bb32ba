"""The pictures of docs/screenshots: ``python -m tests.screenshots`` takes them anew."""
