"""From desired state and live rows to a plan, and back."""
