"""As printed: where any figure stood in its document, damaged as it was, and how it was read."""
