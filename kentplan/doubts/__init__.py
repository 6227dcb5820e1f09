"""Doubts: what documents leave open, what people answer, and reading again with the answer."""
