"""The main job on a sandbox, typed as a user would type it."""
