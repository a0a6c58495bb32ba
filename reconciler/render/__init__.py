"""Text for people, and documents for programs. Nothing left of here writes any."""
