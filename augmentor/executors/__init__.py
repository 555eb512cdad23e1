"""Where shards are worked on. Every executor calls the same function on the same shards and yields results in order."""
