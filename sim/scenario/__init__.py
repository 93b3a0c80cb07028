"""What a scenario file may say: schema, presets, policies on a timeline, and the loader."""
