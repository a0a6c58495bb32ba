"""What people and programs hear while a command works."""
