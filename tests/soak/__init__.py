"""A soak: an hour of random work by three writers over ten organizations, with faults."""
