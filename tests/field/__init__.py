"""Programs that others wrote, against the sandbox: clients, a generator, and schemathesis."""
