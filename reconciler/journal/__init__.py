"""What a run was about to do and did: written as it happens, and read again."""
