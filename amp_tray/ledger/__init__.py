"""The durable store: facts per thread and the usage events resolved from them."""
