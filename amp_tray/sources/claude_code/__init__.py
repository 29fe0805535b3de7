"""Claude Code's session logs (`*.jsonl`): where they lie and how their lines are read."""
