"""The user's settings: `config.toml`, and the environment above it."""
