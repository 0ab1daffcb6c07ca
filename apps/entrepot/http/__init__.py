"""The HTTP transport: decode a request, call one use case, encode its answer."""
