"""The configuration: YAML files become the desired state."""
